import { readFileSync } from "node:fs";
import { maxNameCharacters } from "../../chat/name.ts";
import { maxRoomNameCharacters } from "../../chat/room-name.ts";
import { channelTypes } from "../../protocols/irc/channel-name.ts";
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
import { listConditions } from "./channel-list.ts";
import { maxKeyCharacters } from "./channel-modes.ts";
import type { IrcSession } from "./session.ts";
import { maxModes } from "./words.ts";

export const maxMonitored = 100;

const version = readVersion();
const startedAt = new Date();

/** Who has come in is greeted: https://modern.ircdocs.horse/#rplwelcome-001 and what follows. */
export function welcome(session: IrcSession): readonly OutgoingMessage[] {
  const { server, client, settings } = session;
  return [
    session.numeric("RPL_WELCOME", [], `Welcome to the ${settings.networkName} Network, ${client}`),
    session.numeric("RPL_YOURHOST", [], `Your host is ${server}, running version ${versionName}`),
    session.numeric("RPL_CREATED", [], `This server was created ${startedAt.toUTCString()}`),
    session.numeric("RPL_MYINFO", [server, versionName, userModeLetters, myChannelModes, myParamModes]),
    ...isupport(session),
    ...lusersHint(session),
    ...motd(session),
  ];
}

/** What the server is called where it says its version. */
export const versionName: string = `roomful-${version}`;

/** All `RPL_ISUPPORT`. */
export function isupport(session: IrcSession): readonly OutgoingMessage[] {
  const room = roomFor(
    formatMessage({ ...session.numeric("RPL_ISUPPORT", [[]] as never), source: session.server }),
  );
  return isupportLines(tokensOf(session), room).map((tokens) =>
    session.numeric("RPL_ISUPPORT", [...tokens] as never),
  );
}

/** https://modern.ircdocs.horse/#rplisupport-parameters */
function tokensOf({ settings }: IrcSession): IsupportTokens {
  return new Map<string, string | undefined>([
    ["AWAYLEN", "390"],
    ["BOT", "B"],
    ["CASEMAPPING", "ascii"],
    ["CHANLIMIT", `#:${settings.maxRoomsEach}`],
    ["CHANMODES", channelModesValue],
    ["CHANNELLEN", String(maxRoomNameCharacters)],
    ["CHANTYPES", channelTypes],
    ["CHATHISTORY", String(settings.maxPageEvents)],
    ["ELIST", listConditions],
    ["EXCEPTS", "e"],
    ["HOSTLEN", "64"],
    ["INVEX", "I"],
    ["KEYLEN", String(maxKeyCharacters)],
    ["KICKLEN", "390"],
    ["MAXLIST", "beI:100"],
    ["MAXTARGETS", "4"],
    ["MODES", String(maxModes)],
    ["MONITOR", String(maxMonitored)],
    ["MSGREFTYPES", "msgid,timestamp"],
    ["NAMELEN", "390"],
    ["NETWORK", settings.networkName],
    ["NICKLEN", String(maxNameCharacters)],
    ["PREFIX", prefixValue],
    ["SAFELIST", undefined],
    ["STATUSMSG", statusMessageValue],
    ["TARGMAX", "NAMES:,LIST:,KICK:,WHOIS:1,PRIVMSG:4,NOTICE:4,TAGMSG:4,MONITOR:100"],
    ["TOPICLEN", "390"],
    ["USERLEN", "11"],
    ["UTF8ONLY", undefined],
    ["WHOX", undefined],
  ]);
}

/** The operator's words to everybody who comes, or that there are none. */
export function motd(session: IrcSession): readonly OutgoingMessage[] {
  return [session.numeric("ERR_NOMOTD", [])];
}

function lusersHint(_session: IrcSession): readonly OutgoingMessage[] {
  return [];
}

const myChannelModes = "beIklCimnRstqaohv";
const myParamModes = "beIklqaohv";

function readVersion(): string {
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
