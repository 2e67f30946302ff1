import { type MaskList, type RoleName, type RoomFlag, role } from "./room.ts";

/** A change of how a room is run, as it was asked for or made. */
export type ModeChange =
  | { readonly kind: "flag"; readonly flag: RoomFlag; readonly on: boolean }
  /** `undefined`: none is needed any more. */
  | { readonly kind: "key"; readonly key: string | undefined }
  | { readonly kind: "limit"; readonly limit: number | undefined }
  | { readonly kind: "mask"; readonly list: MaskList; readonly mask: string; readonly on: boolean }
  /** `name`: whose role it is. */
  | { readonly kind: "role"; readonly role: RoleName; readonly name: string; readonly on: boolean };

/** The letters of IRC, under which changes are also stored. */
export const flagLetters: Readonly<Record<RoomFlag, string>> = {
  inviteOnly: "i",
  moderated: "m",
  noOutside: "n",
  protectedTopic: "t",
  hidden: "s",
  accountsOnly: "R",
  noCtcp: "C",
};

export const maskLetters: Readonly<Record<MaskList, string>> = {
  bans: "b",
  exceptions: "e",
  invitations: "I",
};

export const roleLetters: Readonly<Record<RoleName, string>> = {
  owner: "q",
  admin: "a",
  operator: "o",
  halfOperator: "h",
  voice: "v",
};

/** Highest first. */
export const rolesByRank: readonly RoleName[] = (Object.keys(role) as RoleName[]).sort(
  (one, other) => role[other] - role[one],
);

/** The role of a letter. */
export function roleOfLetter(letter: string): RoleName | undefined {
  return rolesByLetter.get(letter);
}

/** Changes in one line, as IRC has it: `+o-b+k Ann *!*@x *`. A key is not shown. */
export function modeText(changes: readonly ModeChange[]): string {
  return linedUp(changes, valueOf);
}

/** As `modeText`, with the key: how changes are asked for. */
export function modeRequest(changes: readonly ModeChange[]): string {
  return linedUp(changes, (change) => (change.kind === "key" && isOn(change) ? change.key : valueOf(change)));
}

function linedUp(
  changes: readonly ModeChange[],
  valueIn: (change: ModeChange) => string | undefined,
): string {
  let letters = "";
  let sign = "";
  const values: string[] = [];
  for (const change of changes) {
    const on = isOn(change);
    if (sign !== (on ? "+" : "-")) letters += sign = on ? "+" : "-";
    letters += letterOf(change);
    const value = valueIn(change);
    if (value !== undefined) values.push(value);
  }
  return [letters, ...values].join(" ");
}

function isOn(change: ModeChange): boolean {
  if (change.kind === "key") return change.key !== undefined;
  return change.kind === "limit" ? change.limit !== undefined : change.on;
}

function letterOf(change: ModeChange): string {
  switch (change.kind) {
    case "flag":
      return flagLetters[change.flag];
    case "key":
      return "k";
    case "limit":
      return "l";
    case "mask":
      return maskLetters[change.list];
    case "role":
      return roleLetters[change.role];
  }
}

function valueOf(change: ModeChange): string | undefined {
  switch (change.kind) {
    case "flag":
      return undefined;
    case "key":
      return "*";
    case "limit":
      return change.limit === undefined ? undefined : String(change.limit);
    case "mask":
      return change.mask;
    case "role":
      return change.name;
  }
}

const flagsByLetter = new Map(entries(flagLetters).map(([flag, letter]) => [letter, flag]));
const listsByLetter = new Map(entries(maskLetters).map(([list, letter]) => [letter, list]));
const rolesByLetter = new Map(entries(roleLetters).map(([name, letter]) => [letter, name]));

/**
 * The changes that `modeText` made a line of, or somebody who writes such lines; of those the ones that this version
 * knows, and that have the value that they need.
 */
export function parseModeText(text: string): readonly ModeChange[] {
  const [letters = "", ...values] = text.split(" ");
  const changes: ModeChange[] = [];
  let on = true;
  for (const letter of letters) {
    if (letter === "+" || letter === "-") on = letter === "+";
    else changes.push(...changeOf(letter, on, values));
  }
  return changes;
}

function changeOf(letter: string, on: boolean, values: string[]): readonly ModeChange[] {
  const flag = flagsByLetter.get(letter);
  if (flag !== undefined) return [{ kind: "flag", flag, on }];
  if (letter === "l" && !on) return [{ kind: "limit", limit: undefined }];
  const value = values.shift() ?? "";
  if (letter === "k" && !on) return [{ kind: "key", key: undefined }];
  if (value === "") return [];
  if (letter === "l") return isLimit(value) ? [{ kind: "limit", limit: Number(value) }] : [];
  if (letter === "k") return [{ kind: "key", key: value }];
  const list = listsByLetter.get(letter);
  if (list !== undefined) return [{ kind: "mask", list, mask: value, on }];
  const name = roleOfLetter(letter);
  return name === undefined ? [] : [{ kind: "role", role: name, name: value, on }];
}

function isLimit(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));
}

function entries<Key extends string>(letters: Readonly<Record<Key, string>>): [Key, string][] {
  return Object.entries(letters) as [Key, string][];
}
