import type { IrcMessage } from "../../protocols/irc/message.ts";
import { upperAscii } from "../../protocols/upper-ascii.ts";
import type { IrcCommands } from "./command.ts";
import type { IrcSession } from "./session.ts";

export const helpCommands: IrcCommands = {
  HELP: { params: 0, act: help },
  HELPOP: { params: 0, act: help },
};

/** How each command is given, and what it does. */
const topics: ReadonlyMap<string, readonly [form: string, does: string]> = new Map([
  ["ADMIN", ["ADMIN [<server>]", "tells how to reach who runs the server"]],
  ["AWAY", ["AWAY [<text>]", "says that you are away, and why; without a text, that you are back"]],
  ["CAP", ["CAP LS|LIST|REQ|END [<capabilities>]", "agrees with the server on what your client understands"]],
  ["CONNECT", ["CONNECT <server>", "is for networks of several servers; this is one alone"]],
  ["DIE", ["DIE", "is not taken: the server is stopped where it runs"]],
  ["HELP", ["HELP [<command>]", "explains a command"]],
  ["INFO", ["INFO", "tells what the server is"]],
  ["ISON", ["ISON <nick> [<nick> …]", "tells who of them is here"]],
  ["ISUPPORT", ["ISUPPORT", "tells what the server supports"]],
  [
    "JOIN",
    ["JOIN <channel>[,<channel> …] [<key>[,<key> …]]", "comes into channels, and makes those that are not"],
  ],
  ["KILL", ["KILL <nick> [<reason>]", "ends the connections of somebody, for operators of the server"]],
  ["LINKS", ["LINKS", "lists the servers: this one"]],
  ["LUSERS", ["LUSERS", "tells how many people and channels there are"]],
  [
    "METADATA",
    [
      "METADATA <nick or channel or *> GET|LIST|SET|CLEAR|SUB|UNSUB|SUBS|SYNC [<keys> …]",
      "shows or changes what is said of somebody or a channel, and of what you are told",
    ],
  ],
  [
    "MODE",
    ["MODE <nick or channel> [<modes> [<values>]]", "shows or changes what you are, or how a channel is run"],
  ],
  ["MONITOR", ["MONITOR +|- <nick>[,<nick> …], MONITOR C|L|S", "has you told when somebody comes or goes"]],
  ["MOTD", ["MOTD [<server>]", "shows the words to everybody who comes"]],
  ["NAMES", ["NAMES [<channel>]", "lists who is in a channel"]],
  ["NICK", ["NICK <nick>", "calls you otherwise"]],
  ["NOTICE", ["NOTICE <nick or channel> <text>", "says something that no program answers"]],
  ["OPER", ["OPER <name> <password>", "makes you an operator of the server"]],
  ["PART", ["PART <channel>[,<channel> …] [<reason>]", "leaves channels"]],
  ["PASS", ["PASS <password>", "gives the password of the server, before you come in"]],
  ["PING", ["PING <token>", "is answered by PONG with the same token"]],
  ["PONG", ["PONG <token>", "answers a PING"]],
  ["PRIVMSG", ["PRIVMSG <nick or channel> <text>", "says something to somebody, or in a channel"]],
  ["QUIT", ["QUIT [<reason>]", "leaves the server"]],
  ["REHASH", ["REHASH", "has the server read its configuration again, for its operators"]],
  ["RESTART", ["RESTART", "is not taken: the server is started where it runs"]],
  ["SETNAME", ["SETNAME <text>", "says something else of yourself"]],
  [
    "SILENCE",
    [
      "SILENCE [+<nick> | -<nick>]",
      "has you shown nothing that somebody says, in channels, in private, or before; or lists whom",
    ],
  ],
  ["SQUIT", ["SQUIT <server>", "is for networks of several servers; this is one alone"]],
  ["STATS", ["STATS u [<server>]", "tells how long the server has been running"]],
  ["TIME", ["TIME [<server>]", "tells the server's time"]],
  ["TOPIC", ["TOPIC <channel> [<text>]", "shows what a channel is about, or says it"]],
  ["USER", ["USER <name> 0 * <text>", "says who you are, when you come in"]],
  ["USERHOST", ["USERHOST <nick> [<nick> …]", "tells where they are connected from, and who is away"]],
  ["VERSION", ["VERSION [<server>]", "tells the server's version, and what it supports"]],
  ["WALLOPS", ["WALLOPS <text>", "tells everybody with the mode +w something, for operators of the server"]],
  ["WHO", ["WHO <channel, nick or mask> [o][%<fields>[,<token>]]", "finds people"]],
  ["WHOIS", ["WHOIS [<server>] <nick>", "tells who somebody is"]],
  ["WHOWAS", ["WHOWAS <nick> [<count>]", "tells who somebody was who is gone"]],
]);

const perLine = 10;

/** https://modern.ircdocs.horse/#help-message */
function help(session: IrcSession, { params }: IrcMessage): void {
  const [subject = ""] = params;
  const word = upperAscii(subject);
  const topic = topics.get(word);
  if (topic !== undefined) {
    answer(session, word, [`The command ${word}`, "", ...topic]);
  } else if (subject === "") {
    answer(session, "*", [
      "The commands of this server",
      "",
      ...index(),
      "HELP <command> explains one of them",
    ]);
  } else {
    session.reply(session.numeric("ERR_HELPNOTFOUND", [subject]));
  }
}

function answer(session: IrcSession, subject: string, lines: readonly string[]): void {
  const [title = "", ...rest] = lines;
  session.reply(
    session.numeric("RPL_HELPSTART", [subject], title),
    ...rest.slice(0, -1).map((line) => session.numeric("RPL_HELPTXT", [subject], line)),
    session.numeric("RPL_ENDOFHELP", [subject], rest.at(-1) ?? ""),
  );
}

function index(): readonly string[] {
  const words = [...topics.keys()];
  const lines = Math.ceil(words.length / perLine);
  return Array.from({ length: lines }, (_, line) =>
    words.slice(line * perLine, (line + 1) * perLine).join(" "),
  );
}
