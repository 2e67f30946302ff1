import { flagLetters, type ModeChange, parseModeText } from "../../chat/mode.ts";
import type { MaskList, RoleName, RoomFlag } from "../../chat/room.ts";

const flagSentences: Readonly<Record<RoomFlag, readonly [on: string, off: string]>> = {
  inviteOnly: ["closed the room to who is not invited", "opened the room to who is not invited"],
  moderated: ["made the room moderated", "made the room unmoderated"],
  noOutside: ["closed the room to words from outside", "opened the room to words from outside"],
  protectedTopic: ["left the topic to operators", "left the topic to everybody"],
  hidden: ["hid the room", "showed the room"],
  accountsOnly: ["closed the room to guests", "opened the room to guests"],
  noCtcp: ["closed the room to questions to programs", "opened the room to questions to programs"],
};

const roleWords: Readonly<Record<RoleName, string>> = {
  owner: "an owner",
  admin: "an admin",
  operator: "an operator",
  halfOperator: "a half-operator",
  voice: "a speaker",
};

const listSentences: Readonly<Record<MaskList, readonly [on: string, off: string]>> = {
  bans: ["banned", "unbanned"],
  exceptions: ["excepted from bans", "excepted no more from bans"],
  invitations: ["invites for good", "invites no more"],
};

/** What was done to a room, to be put after a name: `made Bob an operator; banned eve!*@*`. */
export function describeModes(text: string): string {
  const changes = parseModeText(text);
  return changes.length === 0 ? `set ${text}` : changes.map(describe).join("; ");
}

function describe(change: ModeChange): string {
  switch (change.kind) {
    case "flag":
      return flagSentences[change.flag][change.on ? 0 : 1];
    case "key":
      return change.key === undefined ? "took the password away" : "set a password";
    case "limit":
      return change.limit === undefined ? "took the limit away" : `set a limit of ${change.limit} people`;
    case "mask":
      return `${listSentences[change.list][change.on ? 0 : 1]} ${change.mask}`;
    case "role":
      return `made ${change.name} ${change.on ? "" : "no longer "}${roleWords[change.role]}`;
  }
}

const flagNames: Readonly<Record<RoomFlag, string>> = {
  inviteOnly: "invite-only",
  moderated: "moderated",
  noOutside: "members-only",
  protectedTopic: "topic-locked",
  hidden: "hidden",
  accountsOnly: "accounts-only",
  noCtcp: "no-ctcp",
};

/** The flags by what people call them. */
export const flagsByWord: ReadonlyMap<string, RoomFlag> = new Map(
  (Object.entries(flagNames) as [RoomFlag, string][]).map(([flag, word]) => [word, flag]),
);

const settingsByLetter: ReadonlyMap<string, string> = new Map([
  ...(Object.entries(flagNames) as [RoomFlag, string][]).map(
    ([flag, word]) => [flagLetters[flag], word] as const,
  ),
  ["k", "with a password"],
  ["l", "with a limit"],
]);

/** How a room is run, by the letters of IRC, in a word or two for each that this version knows. */
export function settingsInWords(letters: string): string {
  return Array.from(letters, (letter) => settingsByLetter.get(letter) ?? [])
    .flat()
    .join(", ");
}
