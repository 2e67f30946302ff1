import { readFileSync } from "node:fs";
import { extendedKinds, extendedPrefix } from "../../chat/mask.ts";
import { maxNameCharacters } from "../../chat/name.ts";
import { maxMasks } from "../../chat/permission.ts";
import { maxRoomNameCharacters } from "../../chat/room-name.ts";
import { maxWordsBytes } from "../../chat/text.ts";
import { type IsupportTokens, isupportLines } from "../../protocols/irc/isupport.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { formatMessage } from "../../protocols/irc/message.ts";
import {
  channelModesValue,
  prefixValue,
  statusMessageValue,
  userModeLetters,
} from "../../protocols/irc/modes.ts";
import { roomFor } from "../../protocols/irc/pack.ts";
import { splitText } from "../../protocols/irc/split.ts";
import type { Counts } from "../link.ts";
import type { Settings } from "../settings.ts";
import { batchOf } from "./batches.ts";
import { listConditions } from "./channel-list.ts";
import { maxKeyCharacters } from "./channel-modes.ts";
import { maxKickBytes } from "./channel-people.ts";
import { maxTopicBytes } from "./channels.ts";
import { lusersReplies } from "./server-info.ts";
import type { IrcSession } from "./session.ts";
import { maxModes } from "./words.ts";

/** One `WHOIS` is about at most so many. */
export const maxWhois = 4;

const version = readVersion();
export const startedAt: Date = new Date();

/** Who has come in is greeted, and is told what is said of him (`own`): https://modern.ircdocs.horse/#rplwelcome-001 and what follows. */
export function welcome(
  session: IrcSession,
  counts: Counts | undefined,
  own: readonly OutgoingMessage[],
): readonly OutgoingMessage[] {
  const { server, client, settings } = session;
  return [
    session.numeric("RPL_WELCOME", [], `Welcome to the ${settings.networkName} Network, ${client}`),
    session.numeric("RPL_YOURHOST", [], `Your host is ${server}, running version ${versionName}`),
    session.numeric("RPL_CREATED", [], `This server was created ${startedAt.toUTCString()}`),
    session.numeric("RPL_MYINFO", [server, versionName, userModeLetters, myChannelModes, myParamModes]),
    ...isupport(session),
    ...own,
    ...(counts === undefined ? [] : lusersReplies(session, counts)),
    ...motd(session),
  ];
}

/** What the server is called where it says its version. */
export const versionName: string = `roomful-${version}`;

/** All `RPL_ISUPPORT`, in a batch for who has asked for that: IRCv3 extended-isupport. */
export function isupport(session: IrcSession): readonly OutgoingMessage[] {
  const room = roomFor(formatMessage({ ...session.numeric("RPL_ISUPPORT", []), source: session.server }));
  const lines = isupportOf(session, room).map((tokens) => session.numeric("RPL_ISUPPORT", tokens));
  return session.has("draft/extended-isupport") ? batchOf(session, ["draft/isupport"], lines) : lines;
}

/** Everybody who comes in is told the same, but for the length of the nick. By settings, and bytes for the tokens. */
const keptIsupport = new WeakMap<Settings, Map<number, ReturnType<typeof isupportLines>>>();

function isupportOf(session: IrcSession, room: number): ReturnType<typeof isupportLines> {
  const { settings } = session;
  const kept = keptIsupport.get(settings) ?? new Map<number, ReturnType<typeof isupportLines>>();
  keptIsupport.set(settings, kept);
  const lines = kept.get(room) ?? isupportLines(tokensOf(session), room);
  kept.set(room, lines);
  return lines;
}

/** https://modern.ircdocs.horse/#rplisupport-parameters */
function tokensOf({ settings }: IrcSession): IsupportTokens {
  return new Map<string, string | undefined>([
    ["ACCOUNTEXTBAN", "a,account"],
    ["AWAYLEN", String(maxWordsBytes)],
    ["BOT", "B"],
    ["CASEMAPPING", settings.casemapping],
    ["CHANLIMIT", `#:${settings.maxRoomsEach}`],
    ["CHANMODES", channelModesValue],
    ["CHANNELLEN", String(maxRoomNameCharacters)],
    ["CHANTYPES", "#"],
    ["CHATHISTORY", String(settings.maxPageEvents)],
    ["ELIST", listConditions],
    ["EXCEPTS", "e"],
    ["EXTBAN", `${extendedPrefix},${Object.values(extendedKinds).join("")}`],
    ["HOSTLEN", "64"],
    ["INVEX", "I"],
    ["KEYLEN", String(maxKeyCharacters)],
    ["KICKLEN", String(maxKickBytes)],
    ["MAXLIST", `beI:${maxMasks}`],
    ["MAXTARGETS", "4"],
    ["MODES", String(maxModes)],
    ["MONITOR", String(settings.maxMonitored)],
    ["MSGREFTYPES", "msgid,timestamp"],
    ["NAMELEN", String(maxWordsBytes)],
    ["NETWORK", settings.networkName],
    ["NICKLEN", String(maxNameCharacters)],
    ["PREFIX", prefixValue],
    ["SAFELIST", undefined],
    ["SILENCE", String(settings.maxIgnored)],
    ["STATUSMSG", statusMessageValue],
    ["TARGMAX", `NAMES:,LIST:,KICK:,WHOIS:${maxWhois},PRIVMSG:4,NOTICE:4,TAGMSG:4,MONITOR:`],
    ["TOPICLEN", String(maxTopicBytes)],
    ["USERLEN", "11"],
    ["UTF8ONLY", undefined],
    ["WHOX", undefined],
  ]);
}

/** The operator's words to everybody who comes, or that there are none. */
export function motd(session: IrcSession): readonly OutgoingMessage[] {
  const { motd: lines } = session.settings;
  if (lines === undefined) return [session.numeric("ERR_NOMOTD", [])];
  const { server } = session;
  const room = roomFor(formatMessage({ ...session.numeric("RPL_MOTD", [], "- "), source: server }));
  return [
    session.numeric("RPL_MOTDSTART", [], `- ${server} Message of the day - `),
    ...lines
      .flatMap((line) => splitText(line, room))
      .map((line) => session.numeric("RPL_MOTD", [], `- ${line}`)),
    session.numeric("RPL_ENDOFMOTD", []),
  ];
}

const myChannelModes = "beIklCimnRstqaohv";
const myParamModes = "beIklqaohv";

function readVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
