/**
 * A smaller part of what fails that still does, found by leaving out ever smaller runs of it (delta debugging).
 * Asks at most `maxTries` times, and not again after `maxMs` milliseconds; hands back the whole where it does not
 * fail when tried again.
 */
export async function shrink<T>(
  whole: readonly T[],
  options: {
    readonly fails: (part: readonly T[]) => Promise<boolean>;
    readonly maxTries: number;
    readonly maxMs: number;
  },
): Promise<readonly T[]> {
  const deadline = performance.now() + options.maxMs;
  let tries = 1;
  const mayTry = (): boolean => tries < options.maxTries && performance.now() < deadline;
  if (!(await options.fails(whole))) return whole;
  let kept = whole;
  let size = Math.ceil(whole.length / 2);
  while (kept.length > 1 && mayTry()) {
    for (let at = 0; at < kept.length && kept.length > size && mayTry(); ) {
      const part = [...kept.slice(0, at), ...kept.slice(at + size)];
      tries += 1;
      if (await options.fails(part)) kept = part;
      else at += size;
    }
    if (size === 1) return kept;
    size = Math.ceil(size / 2);
  }
  return kept;
}
