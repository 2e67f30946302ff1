import { isSpeech, type ReaderEvent } from "../../chat/event.ts";
import { hasCapability } from "../../protocols/irc/capabilities.ts";
import { listReplies } from "../../protocols/irc/list-replies.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { formatReadUpTo } from "../../protocols/irc/read-marker.ts";
import { formatStandardReply } from "../../protocols/irc/standard-replies.ts";
import { clockTime, dayOf } from "../../protocols/line/render.ts";
import { closingText } from "../../protocols/refusal-text.ts";
import type { PersonalTell, RoomEntry, RoomMember } from "../link.ts";
import { batchOf } from "./batches.ts";
import { withoutCuts } from "./kept-tags.ts";
import { metadataMessages } from "./metadata.ts";
import { passwordChanged } from "./nickserv.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";
import {
  eventMessages,
  joinMessages,
  personMessages,
  prefixOf,
  signalMessages,
  sourceOf,
  tagsOf,
  type Wants,
} from "./words.ts";

/** Who comes into a large room asks for what is said of it and its people after so long. */
const syncAfterSeconds = "4";

/** How what one is told is worded where the command that asked for it does not word it itself. */
export function personalMessages(session: IrcSession, tell: PersonalTell): readonly OutgoingMessage[] {
  const wants = wantsOf(session);
  switch (tell.kind) {
    case "entered":
      // The door welcomes those who come in.
      return tell.rooms.flatMap((entry) => roomEntered(session, entry, tell.at));
    case "room-entered":
      return roomEntered(session, tell.entry, tell.at);
    case "room-left": {
      if (tell.why === "removed") return [];
      const tags = tagsOf(wants, { at: tell.at, from: session.self });
      const text = tell.text === "" ? {} : { text: tell.text };
      return [{ tags, source: session.source, command: "PART", params: [tell.room.name], ...text }];
    }
    case "own-name":
      return renamedOneself(tell, wants);
    case "invited":
      return [
        {
          tags: tagsOf(wants, { at: tell.at, from: tell.by }),
          source: sourceOf(tell.by),
          command: "INVITE",
          params: [session.client, tell.room.name],
        },
      ];
    case "waited":
      return tell.events.flatMap((event) => eventMessages(event, wants));
    // What one says by another connection as well, as in rooms.
    case "private":
      return eventMessages(tell.event, wants);
    case "signalled": {
      const isEcho = tell.tag !== undefined;
      return isEcho && !session.has("echo-message") ? [] : signalMessages(tell.signal, tell.at, wants);
    }
    case "read-up-to":
      return tell.tag !== undefined || session.has("draft/read-marker")
        ? [readUpTo(tell.where, tell.readUpTo)]
        : [];
    case "watched":
      return watchedMessages(session, tell);
    case "metadata":
      return metadataMessages(session, tell);
    case "metadata-later":
      return session.has("draft/metadata-2")
        ? [session.numeric("ERR_METADATASYNCLATER", [tell.room, syncAfterSeconds])]
        : [];
    case "wallops":
      return [
        {
          tags: tagsOf(wants, { at: tell.at, from: tell.from }),
          source: sourceOf(tell.from),
          command: "WALLOPS",
          text: tell.text,
        },
      ];
    case "ack":
      return acknowledged(session, tell);
    case "refused":
      return refusalMessages(session, tell.refusal, { command: "*" });
    case "missed": {
      const events = tell.events.flatMap((event) => eventMessages(event, wants));
      return tell.gone.length === 0 ? events : [lost(session), ...events];
    }
    // Nobody searches here: there is no command for it.
    case "found":
      return [];
    case "page":
      return tell.page.events.flatMap((event) => eventMessages(event, wants));
    case "password-changed":
      return tell.signedOut === undefined ? [passwordChanged(session, tell)] : [];
    case "signed-in":
    case "done":
    case "answer":
    case "heads":
    case "scram":
    case "note":
      return [];
    case "close": {
      const text = tell.reason === undefined ? "Goodbye" : closingText(tell.reason, tell.text);
      return [...killed(session, tell), { command: "ERROR", text: `Closing link: ${text}` }];
    }
  }
}

/** Who is removed by an operator of the server is told by whom: https://modern.ircdocs.horse/#kill-message */
function killed(
  session: IrcSession,
  { by, text, at }: Extract<PersonalTell, { kind: "close" }>,
): readonly OutgoingMessage[] {
  if (by === undefined) return [];
  const { author, why } = by;
  const wants = wantsOf(session);
  return [
    {
      tags: tagsOf(wants, { at, from: author }),
      source: sourceOf(author),
      command: "KILL",
      params: [session.client],
      text: why === "" ? author.name : why,
    },
    { tags: tagsOf(wants, { at }), source: session.source, command: "QUIT", text: text ?? "" },
  ];
}

/** Who turns out to be somebody who is here is that one's user and host as well: IRCv3 chghost. */
function renamedOneself(
  { from, person, at }: Extract<PersonalTell, { kind: "own-name" }>,
  wants: Wants,
): readonly OutgoingMessage[] {
  const tags = tagsOf(wants, { at, from: person });
  const { user, host } = person;
  const isMoved = from.user !== user || from.host !== host;
  const knows = isMoved && hasCapability(wants.capabilities, "chghost");
  const source = sourceOf(knows ? { ...person, name: from.name } : from);
  return [
    ...(knows ? [{ tags, source: sourceOf(from), command: "CHGHOST", params: [user, host] }] : []),
    { tags, source, command: "NICK", params: [person.name] },
  ];
}

/** A message comes back to who wants to see what became of it; what happens to a room, to everybody. */
function acknowledged(
  session: IrcSession,
  { event, room, away: said, isKept }: Extract<PersonalTell, { kind: "ack" }>,
): readonly OutgoingMessage[] {
  const isSaid = isSpeech(event.kind) || event.kind === "signal";
  const isQuiet = isSaid && !session.has("echo-message");
  const echo = isQuiet ? [] : eventMessages(event, wantsOf(session, room));
  const away = isKept === true ? "is not here, and is given it on coming in" : said;
  // A notice is answered by no program, and so not by this one; who is put out of a room was not written to.
  const isWrittenTo = isSpeech(event.kind) && event.kind !== "notice";
  if (away === undefined || event.to === undefined || !isWrittenTo) return echo;
  return [...echo, session.numeric("RPL_AWAY", [event.to.name], away)];
}

/** Who is watched comes, goes or says something of himself: IRCv3 monitor and extended-monitor. */
function watchedMessages(
  session: IrcSession,
  { news, at }: Extract<PersonalTell, { kind: "watched" }>,
): readonly OutgoingMessage[] {
  switch (news.kind) {
    case "online":
      return [session.numeric("RPL_MONONLINE", [], sourceOf(news.person))];
    case "offline":
      return [session.numeric("RPL_MONOFFLINE", [], news.name)];
    case "changed":
      return session.has("extended-monitor") ? personMessages({ ...news, at }, wantsOf(session)) : [];
  }
}

/** What a session's words depend on. `room`: what the room that it is about is called, where nobody here is in it. */
export function wantsOf(session: IrcSession, room?: string): Wants {
  return {
    capabilities: session.effective,
    server: session.server,
    nameOf: (stream) => session.context.irc.nameOf(stream, room),
  };
}

/** One is in a room from now on: JOIN, the topic, who is there, and what was said. */
function roomEntered(session: IrcSession, entry: RoomEntry, at: number): readonly OutgoingMessage[] {
  const { room, members = [], recent } = entry;
  const wants = wantsOf(session);
  const self = members.find(({ name }) => name === session.nick);
  const own =
    self === undefined
      ? [{ source: session.source, command: "JOIN", params: [room.name] }]
      : joinMessages(self, { room: room.name, at }, wants);
  return [
    ...own,
    ...(room.topic === undefined ? [] : topicReplies(session, room.name, room.topic)),
    ...(session.has("draft/read-marker") ? [readUpTo(room.name, entry.readUpTo)] : []),
    ...(session.has("no-implicit-names") || session.has("draft/no-implicit-names")
      ? []
      : namesReplies(session, { room: room.name, members, isHidden: room.modes.includes("s") })),
    ...replayed(session, { room: room.name, recent, at }),
  ];
}

/** The last messages, for who cannot ask for them himself. */
function replayed(
  session: IrcSession,
  { room, recent, at }: { readonly room: string; readonly at: number } & Pick<RoomEntry, "recent">,
): readonly OutgoingMessage[] {
  const said = recent.filter(({ kind }) => isSpeech(kind));
  const [first] = said;
  if (session.has("draft/chathistory") || first === undefined) return [];
  const history = historyBatch(session, room, session.has("server-time") ? said : said.map(withTime));
  if (session.has("batch")) return history;
  // There are clients that ask for the times and do not show them; then this tells it from what is said now.
  const mark = (text: string): OutgoingMessage => ({
    tags: tagsOf(wantsOf(session), { at }),
    command: "NOTICE",
    params: [room],
    text: `--- ${text} ---`,
  });
  const since = `${dayOf(first.at)} ${clockTime(first.at).slice(1, -1)}`;
  const title = said.length === 1 ? "the last message, of" : `the last ${said.length} messages, since`;
  return [mark(`${title} ${since}`), ...history, mark("end of history")];
}

/** What was said before, as a batch for who understands that. */
export function historyBatch(
  session: IrcSession,
  target: string,
  events: readonly ReaderEvent[],
): readonly OutgoingMessage[] {
  const wants = wantsOf(session);
  const messages = events.flatMap((event) => eventMessages(event, wants));
  return batchOf(session, ["chathistory", target], messages);
}

/** For who is not told otherwise when it was. */
function withTime(event: ReaderEvent): ReaderEvent {
  const text = `${clockTime(event.at)} ${event.text}` as ReaderEvent["text"];
  return { ...event, text, clientTags: withoutCuts(event.clientTags) };
}

/** IRCv3 read-marker, "`MARKREAD` server command". */
function readUpTo(where: string, at: number | undefined): OutgoingMessage {
  return { command: "MARKREAD", params: [where, formatReadUpTo(at)] };
}

export function topicReplies(
  session: IrcSession,
  room: string,
  topic: { readonly text: string; readonly by: string; readonly at: number },
): readonly OutgoingMessage[] {
  return [
    session.numeric("RPL_TOPIC", [room], topic.text),
    session.numeric("RPL_TOPICWHOTIME", [room, topic.by, String(Math.floor(topic.at / 1000))]),
  ];
}

/** `RPL_NAMREPLY` and its end: https://modern.ircdocs.horse/#names-message */
export function namesReplies(
  session: IrcSession,
  what: { readonly room: string; readonly members: readonly RoomMember[]; readonly isHidden: boolean },
): readonly OutgoingMessage[] {
  const { room, members, isHidden } = what;
  const all = session.has("multi-prefix");
  const withHost = session.has("userhost-in-names");
  const words = members.map(
    (member) => prefixOf(member.roles, { all }) + (withHost ? sourceOf(member) : member.name),
  );
  const symbol = isHidden ? "@" : "=";
  const make = (piece: string): OutgoingMessage => session.numeric("RPL_NAMREPLY", [symbol, room], piece);
  return [
    ...listReplies(words, { separator: " ", server: session.server }, make),
    session.numeric("RPL_ENDOFNAMES", [room]),
  ];
}

function lost(session: IrcSession): OutgoingMessage {
  const description = "Some messages that you missed are no longer kept";
  if (!session.has("standard-replies")) {
    return { command: "NOTICE", params: [session.client], text: description };
  }
  return formatStandardReply({ kind: "NOTE", command: "*", code: "MESSAGES_LOST", context: [], description });
}
