/**
 * A smaller part of what fails that still does, found by leaving out ever smaller runs of it (delta debugging).
 * Asks at most `maxTries` times; hands back the whole where it does not fail when tried again.
 */
export async function shrink<T>(
  whole: readonly T[],
  options: { readonly fails: (part: readonly T[]) => Promise<boolean>; readonly maxTries: number },
): Promise<readonly T[]> {
  let tries = options.maxTries - 1;
  if (!(await options.fails(whole))) return whole;
  let kept = whole;
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && tries > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < kept.length && kept.length > 1 && tries > 0; ) {
      const part = [...kept.slice(0, at), ...kept.slice(at + size)];
      tries -= 1;
      if (part.length > 0 && (await options.fails(part))) kept = part;
      else at += size;
    }
  }
  return kept;
}
