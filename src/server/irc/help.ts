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
  ["AUTHENTICATE", ["AUTHENTICATE <mechanism>, AUTHENTICATE <response>|*", "signs you in, by SASL"]],
  ["AWAY", ["AWAY [<text>]", "says that you are away, and why; without a text, that you are back"]],
  [
    "BATCH",
    [
      "BATCH +<reference> draft/multiline <nick or channel>, BATCH -<reference>",
      "makes one message of the lines between",
    ],
  ],
  ["CAP", ["CAP LS|LIST|REQ|END [<capabilities>]", "agrees with the server on what your client understands"]],
  [
    "CHATHISTORY",
    [
      "CHATHISTORY LATEST|BEFORE|AFTER|AROUND|BETWEEN <nick or channel> …, CHATHISTORY TARGETS …",
      "shows what was said before",
    ],
  ],
  ["CONNECT", ["CONNECT <server>", "is for networks of several servers; this is one alone"]],
  ["DIE", ["DIE", "is not taken: the server is stopped where it runs"]],
  ["HELP", ["HELP [<command>]", "explains a command"]],
  ["HELPOP", ["HELPOP [<command>]", "is HELP"]],
  ["INFO", ["INFO", "tells what the server is"]],
  [
    "INVITE",
    [
      "INVITE <nick> <channel>, INVITE",
      "lets somebody come into a channel, whatever its rules; without a nick it lists where you are invited to",
    ],
  ],
  ["ISON", ["ISON <nick> [<nick> …]", "tells who of them is here"]],
  ["ISUPPORT", ["ISUPPORT", "tells what the server supports"]],
  [
    "JOIN",
    ["JOIN <channel>[,<channel> …] [<key>[,<key> …]]", "comes into channels, and makes those that are not"],
  ],
  ["KICK", ["KICK <channel> <nick>[,<nick> …] [<reason>]", "puts people out of a channel"]],
  ["KILL", ["KILL <nick> [<reason>]", "ends the connections of somebody, for operators of the server"]],
  ["LINKS", ["LINKS", "lists the servers: this one"]],
  ["LIST", ["LIST [<masks>] [<conditions>]", "lists channels: LIST >5, LIST *word*, LIST C<60"]],
  ["LUSERS", ["LUSERS", "tells how many people and channels there are"]],
  ["MARKREAD", ["MARKREAD <nick or channel> [timestamp=<time>]", "says or shows how far you have read"]],
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
  ["NICKSERV", ["NICKSERV <words>", "is a message to NickServ: NICKSERV HELP"]],
  ["NOTICE", ["NOTICE <nick or channel> <text>", "says something that no program answers"]],
  ["NS", ["NS <words>", "is a message to NickServ: NS HELP"]],
  ["OPER", ["OPER <name> <password>", "makes you an operator of the server"]],
  ["PART", ["PART <channel>[,<channel> …] [<reason>]", "leaves channels"]],
  ["PASS", ["PASS <password>", "gives the password of the server, before you come in"]],
  ["PING", ["PING <token>", "is answered by PONG with the same token"]],
  ["PONG", ["PONG <token>", "answers a PING"]],
  ["PRIVMSG", ["PRIVMSG <nick or channel> <text>", "says something to somebody, or in a channel"]],
  ["QUIT", ["QUIT [<reason>]", "leaves the server"]],
  ["REDACT", ["REDACT <nick or channel> <message id> [<reason>]", "takes a message back"]],
  ["REGISTER", ["REGISTER <name>|* <email>|* <password>", "makes the name that you have your own"]],
  ["REHASH", ["REHASH", "has the server read its configuration again, for its operators"]],
  ["RENAME", ["RENAME <channel> <channel> [<reason>]", "calls a channel otherwise, with everybody in it"]],
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
  ["SUMMON", ["SUMMON <user>", "is not taken: nobody is called who is not here"]],
  ["TAGMSG", ["TAGMSG <nick or channel>", "sends tags without a message"]],
  ["TIME", ["TIME [<server>]", "tells the server's time"]],
  ["TOPIC", ["TOPIC <channel> [<text>]", "shows what a channel is about, or says it"]],
  ["USER", ["USER <name> 0 * <text>", "says who you are, when you come in"]],
  ["USERHOST", ["USERHOST <nick> [<nick> …]", "tells where they are connected from, and who is away"]],
  ["USERS", ["USERS", "is not taken: who works at the machine is not told"]],
  ["VERIFY", ["VERIFY <name> <code>", "is not needed: accounts are not verified"]],
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
