import { isRoom, lobby, type StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { maxListedNames, type OnlineList } from "../chat/roster.ts";
import { quitReason } from "../protocols/irc/quit.ts";
import * as accounts from "../protocols/line/accounts.ts";
import { foundBlock } from "../protocols/line/found.ts";
import { helpText } from "../protocols/line/help.ts";
import { goneLine, historyBlock, sinceBlock, waitedBlock } from "../protocols/line/history.ts";
import * as render from "../protocols/line/render.ts";
import * as rooms from "../protocols/line/rooms.ts";
import type { Dialect } from "./dialect.ts";
import { packText } from "./dialect.ts";
import type { Answer, Done, Note, PersonalTell, RoomTell } from "./link.ts";

/** What the line door's words depend on beside what is said. */
interface LineManner {
  /** `/help` says so. */
  readonly consoleShowsPrivate: boolean;
}

type NameOf = (stream: StreamId) => string | undefined;

/**
 * The line door's words. Lines from another room than the one that one looks at have its name in front, so there is
 * a dialect for each room that somebody looks at.
 */
export class LineDialects {
  readonly lobby: Dialect;
  readonly #manner: LineManner;
  readonly #nameOf: NameOf;
  readonly #others = new Map<StreamId | undefined, WeakRef<Dialect>>();

  /** `nameOf`: what a room is called. */
  constructor(manner: LineManner, nameOf: NameOf) {
    this.#manner = manner;
    this.#nameOf = nameOf;
    this.lobby = lineDialect(lobby, manner, nameOf);
  }

  /** For who looks at this room, or at none. */
  for(room: StreamId | undefined): Dialect {
    if (room === lobby) return this.lobby;
    let dialect = this.#others.get(room)?.deref();
    if (dialect === undefined) {
      dialect = lineDialect(room, this.#manner, this.#nameOf);
      this.#others.set(room, new WeakRef(dialect));
    }
    return dialect;
  }
}

function lineDialect(room: StreamId | undefined, manner: LineManner, nameOf: NameOf): Dialect {
  const before = (stream: StreamId): string =>
    stream === room || !isRoom(stream) ? "" : `${nameOf(stream) ?? stream} `;
  return {
    showsOwn: false,
    pack: packText,
    room: (tell) => roomText(tell, { before, nameOf }),
    personal: (tell) =>
      tell.kind === "entered" ? entered(tell) : [personalText(tell, { ...manner, before, nameOf })],
  };
}

interface Wording {
  /** The name of the room in front of its lines. */
  readonly before: (stream: StreamId) => string;
  readonly nameOf: NameOf;
}

function roomText(tell: RoomTell, { before, nameOf }: Wording): string {
  switch (tell.kind) {
    case "event":
      return render.eventLine(tell.event, { front: before(tell.event.stream) });
    case "joined":
    case "left": {
      const [stream] = tell.rooms;
      if (stream === undefined) return "";
      // Who goes altogether leaves the chat. Of his rooms not one is named: who is told need not be in it.
      const where = stream === lobby || tell.isGone ? undefined : (nameOf(stream) ?? stream);
      const front = tell.isGone ? "" : before(stream);
      return tell.kind === "joined"
        ? front + render.joined(tell.at, listOf(tell), where)
        : front + render.left(tell.at, listOf(tell), where, tell.isGone ? quitReason(tell.text) : tell.text);
    }
    case "renamed":
      return render.renamedLine(tell.at, tell.from.name, tell.person.name);
    case "person":
    case "signal":
    case "invitation":
    case "heartbeat":
    case "room-head":
      return "";
  }
}

function entered({
  person,
  rooms: those,
  at,
}: Extract<PersonalTell, { kind: "entered" }>): readonly string[] {
  const [first, ...others] = those;
  const welcome = render.welcome(person.name);
  if (first === undefined) return [welcome];
  return [
    welcome,
    ...render.onlineListPieces(first.online),
    first.recent.length === 0 ? "" : historyBlock(first.recent, at),
    ...others.map(({ room }) => render.systemLine(at, `You are in ${room.name} as well`)),
  ];
}

function personalText(tell: Exclude<PersonalTell, { kind: "entered" }>, how: Wording & LineManner): string {
  switch (tell.kind) {
    case "room-entered":
      return rooms.entered(tell.entry, tell.at);
    case "room-left":
      return rooms.left(tell);
    case "signed-in":
      return render.systemLine(
        tell.at,
        tell.isNew ? `The name ${tell.account} is yours from now on` : `You are signed in as ${tell.account}`,
      );
    case "scram":
      return "";
    case "password-changed":
      return accounts.passwordChangedLine(tell.at, tell.signedOut);
    case "own-name":
      return render.systemLine(tell.at, `You are now called ${tell.person.name}`);
    case "invited":
      return rooms.invited(tell.at, tell.by.name, tell.room.name);
    // What is sent to who asked for it, by the IRC door.
    case "wallops":
    case "watched":
    case "metadata":
    case "metadata-later":
      return "";
    case "done":
      return doneText(tell.done, tell.at);
    case "waited":
      return waitedBlock(tell.events, tell.at);
    case "private":
      return render.eventLine(tell.event, { reader: tell.isOwn ? tell.event.from.id : undefined });
    case "signalled":
      return signalText(tell, how);
    case "heads":
    case "read-up-to":
      return "";
    case "ack":
      // One's own line is on one's screen already; only where a private message went is worth a word, and what a
      // command came to.
      if (!isRoom(tell.event.stream))
        return render.eventLine(tell.event, { reader: tell.event.from.id }) + absenceLine(tell);
      return tell.tag === "deed"
        ? render.eventLine(tell.event, { front: how.before(tell.event.stream) }) +
            refusals(tell.event.at, tell.others)
        : "";
    case "refused":
      return refusals(tell.at, [tell.refusal, ...(tell.others ?? [])]);
    case "answer":
      return answerText(tell.answer, tell.at);
    case "page":
      return typeof tell.tag === "object" && "after" in tell.tag
        ? sinceBlock(tell.page, { after: tell.tag.after, now: tell.at })
        : historyBlock(tell.page.events, tell.at);
    case "found":
      return foundBlock(tell.result, { query: tell.query, reader: tell.reader });
    case "missed":
      return [
        ...tell.gone.map(({ stream, ...range }) => how.before(stream) + goneLine(range)),
        ...tell.events.map((event) => render.eventLine(event, { front: how.before(event.stream) })),
        ...(tell.online ?? []).map(({ room, online }) => how.before(room.stream) + render.onlineList(online)),
      ].join("");
    case "note":
      return noteText(tell.note, { ...how, at: tell.at });
    case "close":
      return tell.reason === undefined ? "" : render.closingLine(tell.at, tell.reason, tell.text);
  }
}

/** Words to who runs a room; of what else IRC clients tell each other there are none. */
function signalText({ at, signal }: Extract<PersonalTell, { kind: "signalled" }>, how: Wording): string {
  const { from, to, words } = signal;
  if (words === undefined || !("room" in to) || words.text.startsWith("\x01")) return "";
  const said = words.speech === "action" ? `* ${from.name} ${words.text}` : `${from.name}: ${words.text}`;
  return how.before(to.room.stream) + render.asideLine(at, said);
}

function absenceLine(tell: Extract<PersonalTell, { kind: "ack" }>): string {
  const { at, to } = tell.event;
  const text = render.absenceText(to?.name ?? "", tell);
  return text === undefined ? "" : render.systemLine(at, text);
}

function refusals(at: number, those: readonly Refusal[] = []): string {
  return those.map((refusal) => render.refusalLine(at, refusal)).join("");
}

function answerText(answer: Answer, at: number): string {
  switch (answer.kind) {
    case "people":
      return render.onlineList(answer.online);
    case "rooms":
      return rooms.list(answer);
    case "room":
      return rooms.description(answer.room);
    case "person":
      return rooms.person(answer.person, at);
    case "devices":
      return accounts.devicesBlock(answer.devices);
    case "ignored":
      return accounts.ignoredLine(at, answer.ignored);
    // What only other doors ask for.
    case "certificates":
    case "members":
    case "who":
    case "invitations":
    case "named":
    case "masks":
    case "watched":
    case "metadata":
    case "gone":
    case "talk":
    case "counts":
      return "";
  }
}

function doneText(done: Done, at: number): string {
  switch (done.kind) {
    case "invited":
      return rooms.invitedOther(at, { ...done, room: done.room.name });
    case "away":
      return rooms.awayLine(at, done.text);
    case "ignoring":
      return accounts.ignoringLine(at, done);
    case "real-name":
    case "traits":
      return "";
    case "nothing":
      return render.systemLine(at, "It is so already");
  }
}

function noteText(note: Note, how: LineManner & { readonly at: number }): string {
  switch (note.kind) {
    case "help":
      return helpText(note.topic, how);
    case "usage":
      return render.usageLine(how.at, note.command);
    case "unknown-command":
      return render.unknownCommandLine(how.at, note.command);
    case "unfinished-line":
      return render.unfinishedLine(how.at);
    case "looking-at":
      return render.systemLine(how.at, `You look at ${note.room} now`);
    case "refused":
      return render.refusalLine(how.at, note.refusal);
    case "irc":
      return "";
  }
}

function listOf({ people }: Extract<RoomTell, { kind: "joined" | "left" }>): OnlineList {
  return { names: people.slice(0, maxListedNames).map((person) => person.name), count: people.length };
}
