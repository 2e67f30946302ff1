import { listReplies } from "../../protocols/irc/list-replies.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { hostOf } from "../../protocols/irc/source.ts";
import type { GonePerson, PersonView } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { isThisServer } from "./server-info.ts";
import type { IrcSession } from "./session.ts";
import { userModesOf } from "./user-modes.ts";
import { maxWhois } from "./welcome.ts";
import { prefixOf, realNameOf } from "./words.ts";

/** Who somebody is, or was: https://modern.ircdocs.horse/#user-based-queries */
export const whoisCommands: IrcCommands = {
  WHOIS: { params: 0, act: whois },
  WHOWAS: { params: 0, act: whowas },
};

function whois(session: IrcSession, { params }: IrcMessage): void {
  const [list = ""] = params.slice(-1);
  const [server] = params.length > 1 ? params : [];
  const names = list
    .split(",")
    .filter((name) => name !== "")
    .slice(0, maxWhois);
  if (names.length === 0) {
    session.reply(session.numeric("ERR_NONICKNAMEGIVEN", []));
    return;
  }
  // Who asks a server by the name of somebody who is connected to it, asks this one.
  const isHere = server === undefined || isThisServer(session, server);
  const asked = isHere ? names : [...names, server];
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "named", names: asked } }),
    (tell) => {
      const people = tell.kind === "answer" && tell.answer.kind === "named" ? tell.answer.people : [];
      if (!isHere && people.at(-1) === undefined) return [session.numeric("ERR_NOSUCHSERVER", [server])];
      return [
        ...names.flatMap((name, index) => {
          const person = people[index];
          return person === undefined
            ? [session.numeric("ERR_NOSUCHNICK", [name])]
            : whoisReplies(session, person);
        }),
        session.numeric("RPL_ENDOFWHOIS", [list]),
      ];
    },
  );
}

function whoisReplies(session: IrcSession, person: PersonView): readonly OutgoingMessage[] {
  const { author, away, isOperator, address, isSecure, certificate, traits, since, lastSpoke, rooms } =
    person;
  const { name: nick, user, host, account, isBot } = author;
  const { server, settings } = session;
  const all = session.has("multi-prefix");
  const channels = rooms.map(({ name, roles }) => prefixOf(roles, { all }) + name);
  const idle = String(session.secondsSince(lastSpoke));
  const at = address === undefined ? undefined : hostOf(address);
  return [
    session.numeric("RPL_WHOISUSER", [nick, user, host, "*"], realNameOf({ ...person, name: nick })),
    ...listReplies(channels, { separator: " ", server }, (piece) =>
      session.numeric("RPL_WHOISCHANNELS", [nick], piece),
    ),
    session.numeric("RPL_WHOISSERVER", [nick, server], settings.networkName),
    ...(isOperator ? [session.numeric("RPL_WHOISOPERATOR", [nick])] : []),
    ...(account === undefined ? [] : [session.numeric("RPL_WHOISACCOUNT", [nick, account])]),
    ...(isSecure ? [session.numeric("RPL_WHOISSECURE", [nick])] : []),
    ...(certificate === undefined
      ? []
      : [session.numeric("RPL_WHOISCERTFP", [nick], `has client certificate fingerprint ${certificate}`)]),
    ...(isBot ? [session.numeric("RPL_WHOISBOT", [nick], `is a bot on ${settings.networkName}`)] : []),
    ...(at === undefined ? [] : [session.numeric("RPL_WHOISACTUALLY", [nick, `${user}@${at}`, at])]),
    ...(traits === undefined
      ? []
      : [session.numeric("RPL_WHOISMODES", [nick], `is using modes ${userModesOf(traits, account)}`)]),
    ...(away === undefined ? [] : [session.numeric("RPL_AWAY", [nick], away)]),
    session.numeric("RPL_WHOISIDLE", [nick, idle, String(Math.floor(since / 1000))]),
  ];
}

function whowas(session: IrcSession, { params }: IrcMessage): void {
  const [name = "", count = ""] = params;
  if (name === "") {
    session.reply(session.numeric("ERR_NONICKNAMEGIVEN", []));
    return;
  }
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "gone", name } }),
    (tell) => {
      const gone = tell.kind === "answer" && tell.answer.kind === "gone" ? tell.answer.people : [];
      const end = session.numeric("RPL_ENDOFWHOWAS", [name]);
      if (gone.length === 0) return [session.numeric("ERR_WASNOSUCHNICK", [name]), end];
      const wanted = /^[1-9]\d*$/.test(count) ? Number(count) : gone.length;
      return [...gone.slice(0, wanted).flatMap((person) => whowasReplies(session, person)), end];
    },
  );
}

function whowasReplies(session: IrcSession, person: GonePerson): readonly OutgoingMessage[] {
  const { name, user, host, at } = person;
  return [
    session.numeric("RPL_WHOWASUSER", [name, user, host, "*"], realNameOf(person)),
    session.numeric("RPL_WHOISSERVER", [name, session.server], new Date(at).toUTCString()),
  ];
}
