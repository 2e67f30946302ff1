import { type Fold, foldName } from "./name.ts";
import { withoutHostile } from "./text.ts";

/** What masks of other kinds begin with, and the letters of their kinds: IRC's `EXTBAN`. */
export const extendedPrefix = "~";
export const extendedKinds = { account: "a", mute: "m" } as const;

const extended = /^~(?:(a|account)|m|mute):(.+)$/i;

/**
 * The whole mask that somebody meant: `ann` is `ann!*@*`, `*@host` is `*!*@host`. `~a:` and a mask of accounts is who
 * is signed in to one of them, `~m:` and any mask is who may come in and not speak. Folded, so that two masks that
 * match the same are the same text (https://modern.ircdocs.horse/#hostmask). White space, which nobody's name has,
 * becomes `?`: a mask is one word of a line.
 */
export function normalMask(typed: string, fold: Fold = foldName): string {
  const text = withoutHostile(typed).replaceAll(/\s/g, "?");
  const [, account, meant] = extended.exec(text) ?? [];
  if (meant !== undefined) {
    if (account !== undefined) return `~${extendedKinds.account}:${fold(meant)}`;
    const muted = normalMask(meant, fold);
    return mutedBy(muted) === undefined ? `~${extendedKinds.mute}:${muted}` : muted;
  }
  const at = text.lastIndexOf("@");
  const host = at === -1 ? "*" : text.slice(at + 1);
  const rest = at === -1 ? text : text.slice(0, at);
  const bang = rest.indexOf("!");
  // Without a name, what stands before the host is the user.
  const [name, user] =
    bang === -1 ? (at === -1 ? [rest, "*"] : ["*", rest]) : [rest.slice(0, bang), rest.slice(bang + 1)];
  return fold(`${orAny(name)}!${orAny(user)}@${orAny(host)}`);
}

/** Of a normal mask that keeps people from speaking alone, whom it means; `undefined`: it is another one. */
export function mutedBy(mask: string): string | undefined {
  return mask.startsWith(`~${extendedKinds.mute}:`) ? mask.slice(3) : undefined;
}

/** Whether a normal mask, which mutes nobody, means somebody: by `name!user@host` or by his account, both folded. */
export function matchesPerson(mask: string, given: string, account: string | undefined): boolean {
  if (!mask.startsWith(`~${extendedKinds.account}:`)) return matchesMask(mask, given);
  return account !== undefined && matchesMask(mask.slice(3), account);
}

/**
 * Whether a text is one that a mask means: `*` is any characters, `?` is one. Both are folded. Takes at most as many
 * steps as the product of the two lengths, whatever the mask.
 */
export function matchesMask(mask: string, text: string): boolean {
  const wanted = Array.from(mask);
  const given = Array.from(text);
  let at = 0;
  let from = 0;
  /** Where the last `*` stands, and how much it has taken so far. */
  let star = -1;
  let taken = 0;
  while (at < given.length) {
    if (wanted[from] === "*") {
      star = from;
      taken = at;
      from += 1;
    } else if (from < wanted.length && (wanted[from] === "?" || wanted[from] === given[at])) {
      from += 1;
      at += 1;
    } else if (star !== -1) {
      taken += 1;
      at = taken;
      from = star + 1;
    } else {
      return false;
    }
  }
  while (wanted[from] === "*") from += 1;
  return from === wanted.length;
}

function orAny(part: string): string {
  return part === "" ? "*" : part;
}
