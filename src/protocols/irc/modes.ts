/**
 * What a channel's mode takes, as https://modern.ircdocs.horse/#channel-mode has it: `list` (its type A) a mask, or
 * nothing to be shown the list; `setting` (B) a parameter always; `setting-when-set` (C) one when it is set;
 * `flag` (D) none; `rank` is a member's, who is its parameter.
 */
export type ModeType = "list" | "setting" | "setting-when-set" | "flag" | "rank";

const channelModes = {
  b: "list",
  e: "list",
  I: "list",
  k: "setting",
  l: "setting-when-set",
  C: "flag",
  i: "flag",
  m: "flag",
  n: "flag",
  R: "flag",
  s: "flag",
  t: "flag",
  q: "rank",
  a: "rank",
  o: "rank",
  h: "rank",
  v: "rank",
} as const satisfies Readonly<Record<string, ModeType>>;

/**
 * Banned, exempt from bans, exempt from invitations; key, limit; no CTCP, invited only, moderated, no messages from
 * outside, registered only, secret, topic by operators only; and the ranks.
 */
export type ChannelMode = keyof typeof channelModes;

/** Founder, admin, operator, half-operator and voiced. */
export type Rank = "q" | "a" | "o" | "h" | "v";

/** The highest first, each with what stands before the nick of who has it. */
const ranks: readonly (readonly [Rank, string])[] = [
  ["q", "~"],
  ["a", "&"],
  ["o", "@"],
  ["h", "%"],
  ["v", "+"],
];

const userModes = ["B", "i", "o", "R", "r", "w"] as const;

/** Bot, invisible, operator, no messages from who is not registered, registered, and sent wallops. */
export type UserMode = (typeof userModes)[number];

/** `undefined`: there is no such mode. */
export function channelModeType(letter: string): ModeType | undefined {
  return isChannelMode(letter) ? channelModes[letter] : undefined;
}

export function isChannelMode(letter: string): letter is ChannelMode {
  return Object.hasOwn(channelModes, letter);
}

export function isUserMode(letter: string): letter is UserMode {
  return userModes.some((mode) => mode === letter);
}

/** All the letters of user modes, as `RPL_MYINFO` lists them. */
export const userModeLetters: string = userModes.join("");

/** The value of `CHANMODES`: https://modern.ircdocs.horse/#chanmodes-parameter */
export const channelModesValue: string = (["list", "setting", "setting-when-set", "flag"] as const)
  .map(lettersOf)
  .join(",");

/** The value of `PREFIX`, and without its letters that of `STATUSMSG`. */
export const prefixValue: string = `(${ranks.map(([mode]) => mode).join("")})${ranks.map(([, prefix]) => prefix).join("")}`;
export const statusMessageValue: string = ranks.map(([, prefix]) => prefix).join("");

/**
 * What stands before the nick of a member with these ranks: all their prefixes, the highest first, for who has
 * negotiated `multi-prefix`, or else the highest.
 */
export function prefixesOf(held: ReadonlySet<Rank>, options: { readonly all: boolean }): string {
  const prefixes = ranks.filter(([mode]) => held.has(mode)).map(([, prefix]) => prefix);
  return options.all ? prefixes.join("") : (prefixes[0] ?? "");
}

/**
 * The rank from which on members are meant by `@#channel`, and the channel: `STATUSMSG`. Of several prefixes the lowest
 * counts: https://modern.ircdocs.horse/#privmsg-message
 */
export function splitStatusTarget(target: string): readonly [Rank | undefined, string] {
  const [prefixes = ""] = /^[~&@%+]*/.exec(target) ?? [];
  const lowest = ranks.findLast(([, prefix]) => prefixes.includes(prefix));
  return [lowest?.[0], target.slice(prefixes.length)];
}

function lettersOf(type: ModeType): string {
  return Object.entries(channelModes)
    .filter((entry) => entry[1] === type)
    .map(([letter]) => letter)
    .join("");
}
