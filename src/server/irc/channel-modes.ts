import { flagLetters, type ModeChange, maskLetters, roleLetters } from "../../chat/mode.ts";
import type { MaskEntry, MaskList, RoleName, RoomFlag } from "../../chat/room.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { type ModeRequest, parseChannelModes } from "../../protocols/irc/mode-changes.ts";
import type { ChannelMode } from "../../protocols/irc/modes.ts";
import type { NumericName } from "../../protocols/irc/numerics.ts";
import type { RoomView } from "../link.ts";
import { deed, lookAtRoom } from "./room-asks.ts";
import type { IrcSession } from "./session.ts";

/** The longest key of a channel: `KEYLEN`. */
export const maxKeyCharacters = 32;
const maxLimit = 1_000_000;

const flags = byLetter<RoomFlag>(flagLetters);
const lists = byLetter<MaskList>(maskLetters);
const roles = byLetter<RoleName>(roleLetters);

const listNumerics = {
  bans: ["RPL_BANLIST", "RPL_ENDOFBANLIST"],
  exceptions: ["RPL_EXCEPTLIST", "RPL_ENDOFEXCEPTLIST"],
  invitations: ["RPL_INVEXLIST", "RPL_ENDOFINVEXLIST"],
} as const satisfies Readonly<Record<MaskList, readonly [NumericName, NumericName]>>;

/** `MODE #channel …`: https://modern.ircdocs.horse/#channel-mode */
export function channelMode(session: IrcSession, { params }: IrcMessage): void {
  const [room = "", ...modes] = params;
  if (modes.length === 0) {
    lookAtRoom(session, { kind: "room", room }, "MODE", (answer) => modesReplies(session, answer.room));
    return;
  }
  const changes: ModeChange[] = [];
  const wantedLists = new Set<MaskList>();
  for (const request of parseChannelModes(modes)) {
    switch (request.kind) {
      case "change": {
        const change = changeOf(request);
        if (change === undefined) session.reply(badParam(session, room, request));
        else changes.push(change);
        break;
      }
      case "list": {
        const list = lists.get(request.mode);
        if (list !== undefined) wantedLists.add(list);
        break;
      }
      case "unknown":
        session.reply(session.numeric("ERR_UNKNOWNMODE", [request.letter]));
        break;
      case "incomplete":
        break;
    }
  }
  for (const list of wantedLists) {
    lookAtRoom(session, { kind: "masks", room, list }, "MODE", (answer) => {
      return listReplies(session, { list, room: answer.room.name, masks: answer.masks });
    });
  }
  if (changes.length > 0) deed(session, { kind: "modes", room, changes }, "MODE");
}

/** The change that is asked for; `undefined` where it cannot be one with this parameter. */
function changeOf(request: Extract<ModeRequest<ChannelMode>, { kind: "change" }>): ModeChange | undefined {
  const { mode, adding: on, param = "" } = request;
  const flag = flags.get(mode);
  if (flag !== undefined) return { kind: "flag", flag, on };
  const list = lists.get(mode);
  if (list !== undefined) return { kind: "mask", list, mask: param, on };
  const role = roles.get(mode);
  if (role !== undefined) return { kind: "role", role, name: param, on };
  if (mode === "k") {
    if (on && !isKey(param)) return undefined;
    return { kind: "key", key: on ? param : undefined };
  }
  const limit = on ? Number(/^\d{1,10}$/.exec(param)?.[0]) : undefined;
  return limit === undefined || (limit > 0 && limit <= maxLimit) ? { kind: "limit", limit } : undefined;
}

/** One that JOIN can be given: it separates keys by commas. */
function isKey(text: string): boolean {
  return /^[^\s,:\p{C}][^\s,\p{C}]*$/u.test(text) && Array.from(text).length <= maxKeyCharacters;
}

function badParam(
  session: IrcSession,
  room: string,
  { mode, param = "" }: Extract<ModeRequest<ChannelMode>, { kind: "change" }>,
): OutgoingMessage {
  const wanted =
    mode === "k"
      ? `A key has no spaces and commas, does not begin with a colon, and has at most ${maxKeyCharacters} characters`
      : `A limit is a number of people (1 to ${maxLimit})`;
  return session.numeric("ERR_INVALIDMODEPARAM", [room, mode, param], wanted);
}

function modesReplies(session: IrcSession, room: RoomView): readonly OutgoingMessage[] {
  const { name, modes, key, limit, created } = room;
  const params = [...(key === undefined ? [] : [key]), ...(limit === undefined ? [] : [String(limit)])];
  return [
    session.numeric("RPL_CHANNELMODEIS", [name, `+${modes}`, ...params]),
    // Nobody made the lobby.
    ...(created === 0 ? [] : [session.numeric("RPL_CREATIONTIME", [name, secondsOf(created)])]),
  ];
}

function listReplies(
  session: IrcSession,
  what: { readonly list: MaskList; readonly room: string; readonly masks: readonly MaskEntry[] },
): readonly OutgoingMessage[] {
  const { list, room, masks } = what;
  const [each, end] = listNumerics[list];
  return [
    ...masks.map(({ mask, by, at }) => session.numeric(each, [room, mask, by, secondsOf(at)])),
    session.numeric(end, [room]),
  ];
}

function secondsOf(at: number): string {
  return String(Math.floor(at / 1000));
}

function byLetter<Name extends string>(letters: Readonly<Record<Name, string>>): ReadonlyMap<string, Name> {
  return new Map(Object.entries<string>(letters).map(([name, letter]) => [letter, name as Name]));
}
