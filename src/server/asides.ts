import type { Chat } from "../chat/chat.ts";
import type { Command, Decision } from "../chat/command.ts";
import type { MessageId, StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { type RoleName, Room, ranks } from "../chat/room.ts";
import type { Person } from "../chat/roster.ts";
import type { Store } from "../storage/store.ts";
import type { Ids } from "./ids.ts";
import { ignorersIn } from "./ignorers.ts";
import type { Ask, Signal, Tag } from "./link.ts";
import { type Outlet, refusalOfFault } from "./outlet.ts";
import type { ReadMarkers } from "./read-markers.ts";
import { tagOfRoom } from "./room-views.ts";
import type { Session } from "./session.ts";
import type { Speech } from "./speech.ts";
import type { StreamFinder } from "./stream-finder.ts";

type Of<Kind extends Ask["kind"]> = Extract<Ask, { kind: Kind }>;

export interface AsideMeans {
  readonly chat: Chat;
  readonly store: Store;
  readonly ids: Ids;
  readonly outlet: Outlet;
  readonly speech: Speech;
  readonly finder: StreamFinder;
  readonly markers: ReadMarkers;
  readonly decide: (session: Session, command: Command) => Decision;
  /** Called when a message to be removed has been looked up. */
  readonly answered: (session: Session) => void;
}

/** What goes along with talking: signals that are never kept, messages taken back, and how far one has read. */
export class Asides {
  readonly #means: AsideMeans;

  constructor(means: AsideMeans) {
    this.#means = means;
  }

  signal(session: Session, { to, tag, least, words, clientTags }: Of<"signal">): void {
    const { outlet, ids, decide, chat } = this.#means;
    const decision = decide(session, { kind: "signal", to, text: words?.text });
    if (decision.kind === "refused") outlet.refuse(session.id, decision.refusal, tag);
    if (decision.kind !== "signalled") return;
    const { by, to: target, text } = decision;
    const isRoom = target instanceof Room;
    const signal: Signal = {
      id: ids.message(outlet.now()),
      from: by.author,
      to: isRoom ? { room: tagOfRoom(target), least } : { name: target.name.shown },
      words: words && text && { speech: words.speech, text },
      clientTags,
    };
    outlet.barrier(() => {
      const at = outlet.now();
      if (isRoom && least === undefined) {
        const except = [session.id, ...ignorersIn(chat, target, by.author)];
        outlet.tell({ kind: "signal", at, rooms: [target.stream], signal, except });
      } else {
        const all = isRoom ? whoRanks(target, least) : [target];
        const people = all.filter(({ id }) => !chat.ignoring.ignores(id, by.author));
        const isToOneself = !isRoom && target.id === by.id;
        for (const one of new Set([...people, by].flatMap(({ sessions }) => sessions))) {
          if (one !== session.id || isToOneself)
            outlet.tell({ kind: "signalled", session: one, at, tag: undefined, signal });
        }
      }
      outlet.tell({ kind: "signalled", session: session.id, at, tag, signal });
    });
  }

  /** The message is looked up first, since whose it is decides. */
  remove(session: Session, ask: Of<"remove">): void {
    const { outlet, store, finder, chat, answered } = this.#means;
    const { from, id, text, tag } = ask;
    session.unanswered += 1;
    outlet.barrier(() => {
      const asker = chat.personOf(session.id);
      if (asker === undefined) {
        answered(session);
        return;
      }
      finder
        .find(asker, from)
        .then(async (stream) => (typeof stream === "string" ? store.find(stream, id) : stream))
        .then(
          (found) => {
            const message = this.#readable(session, found, id);
            if ("reason" in message) outlet.refuse(session.id, message, tag);
            else this.#remove(session, message, { text, tag });
          },
          (error: unknown) => outlet.refuse(session.id, refusalOfFault(error), tag),
        )
        .finally(() => outlet.inOrder(() => answered(session)));
    });
  }

  markRead(session: Session, { where, at, tag }: Of<"mark-read">): void {
    const { chat, outlet, finder, markers } = this.#means;
    const person = chat.personOf(session.id);
    if (person === undefined) return;
    const stream = finder.known(person, where);
    if (typeof stream !== "string" && stream.reason !== "not-online") {
      outlet.refuse(session.id, stream, tag);
      return;
    }
    // Somebody may have read what was said by who is gone.
    const key = typeof stream === "string" ? stream : `@${chat.fold(stream.name)}`;
    const changes = at === undefined ? [] : markers.move(person.id, key, Math.min(at, outlet.now()));
    const sessions = changes.length === 0 ? [session.id] : person.sessions;
    const tell = (): void => {
      for (const one of sessions) {
        outlet.tell({
          kind: "read-up-to",
          session: one,
          at: outlet.now(),
          tag: one === session.id ? tag : undefined,
          where: where.startsWith("@") ? where.slice(1) : (chat.rooms.find(where)?.name.shown ?? where),
          readUpTo: markers.get(person.id, key),
        });
      }
    };
    // It holds all the same where it cannot be stored: how far somebody has read is no message.
    if (person.account === undefined || changes.length === 0) outlet.barrier(tell);
    else outlet.record(changes, tell);
  }

  /** What was found, as far as a session may read it. */
  #readable<Found extends { readonly stream: StreamId }>(
    session: Session,
    found: Refusal | Found | undefined,
    id: MessageId,
  ): Refusal | Found {
    if (found !== undefined && "reason" in found) return found;
    const mayRead = found !== undefined && this.#means.chat.mayRead(session.id, found.stream);
    return mayRead ? found : { reason: "no-such-message", id };
  }

  #remove(
    session: Session,
    message: NonNullable<Awaited<ReturnType<Store["find"]>>>,
    { text, tag }: { readonly text: string; readonly tag: Tag | undefined },
  ): void {
    const { outlet, speech, decide } = this.#means;
    const decision = decide(session, { kind: "remove", message, text });
    if (decision.kind === "refused") outlet.refuse(session.id, decision.refusal, tag);
    else if (decision.kind === "said")
      speech.happen(decision, { session, tag, changes: [] }, () => undefined);
  }
}

/** Who of a room is here and has at least this role. */
function whoRanks(room: Room, least: RoleName | undefined): readonly Person[] {
  return [...room.present].filter(({ id }) => least === undefined || ranks(room.rolesOf(id), least));
}
