import {
  type Author,
  conversationOf,
  type EventKind,
  type Instant,
  lobby,
  type MessageId,
  type NewEvent,
  type PersonId,
  partiesOf,
  type RetryKey,
  type StreamId,
} from "./event.ts";
import { parseName } from "./name.ts";
import type { Refusal } from "./refusal.ts";
import { type Person, Roster, type SessionId } from "./roster.ts";
import { cleanText } from "./text.ts";

/** A message somebody wants to send; whom to is the command's matter. */
export interface Draft {
  readonly kind: Exclude<EventKind, "announcement">;
  readonly text: string;
  readonly replyTo?: MessageId | undefined;
  readonly threadRoot?: MessageId | undefined;
  readonly retry?: RetryKey | undefined;
}

/** What may be asked of the chat. */
export type Command =
  /** To be here under a name. `person` is a new id, or the one that a resume token proved. */
  | { readonly kind: "enter"; readonly person: PersonId; readonly name: string }
  | { readonly kind: "say"; readonly stream: string; readonly draft: Draft }
  /** A private message, addressed by name. */
  | { readonly kind: "tell"; readonly to: string; readonly draft: Draft }
  | { readonly kind: "leave" };

/** What deciding has at hand that the core must not make itself. */
export interface Circumstances {
  readonly at: Instant;
  /** The id that a message gets if it is accepted. */
  readonly id: MessageId;
}

/** What a command comes to. Only `entered` and `left` change the chat's own state; see `Chat.apply`. */
export type Decision =
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** A message: to be appended to its stream, and seen by `audienceOf` it once it is durable. */
  | { readonly kind: "said"; readonly event: NewEvent }
  /** `replaces`: sessions of the same person that this one takes over from. `first`: the person was not here. */
  | {
      readonly kind: "entered";
      readonly session: SessionId;
      readonly person: Person;
      readonly replaces: readonly SessionId[];
      readonly first: boolean;
    }
  /** `last`: the person is gone with it. */
  | { readonly kind: "left"; readonly session: SessionId; readonly person: Person; readonly last: boolean }
  | { readonly kind: "nothing" };

/** The operator's voice in the lobby. Its id is no person's, since those are made at random. */
export const operator: Author = { id: "operator" as PersonId, name: "SYSTEM" };

/**
 * Who is here and who may do what. Pure: deciding changes nothing, applying a decision is the only change,
 * and neither knows of sockets, clocks or storage.
 */
export class Chat {
  readonly roster: Roster = new Roster();
  readonly #sessions = new Map<SessionId, Person>();
  readonly #maxTextBytes: number;

  constructor(options: { readonly maxTextBytes: number }) {
    this.#maxTextBytes = options.maxTextBytes;
  }

  personOf(session: SessionId): Person | undefined {
    return this.#sessions.get(session);
  }

  decide(session: SessionId, command: Command, circumstances: Circumstances): Decision {
    if (command.kind === "enter") return this.#enter(session, command);
    const person = this.#sessions.get(session);
    if (person === undefined) return { kind: "nothing" };
    switch (command.kind) {
      case "leave":
        return { kind: "left", session, person, last: person.sessions.length === 1 };
      case "say":
        if (command.stream !== lobby) return refused({ reason: "no-such-stream", stream: command.stream });
        return this.#message({
          stream: lobby,
          from: person,
          to: undefined,
          draft: command.draft,
          circumstances,
        });
      case "tell": {
        const other = this.roster.find(command.to);
        if (other === undefined) return refused({ reason: "not-online", name: command.to });
        if (other.id === person.id) return refused({ reason: "to-oneself" });
        const stream = conversationOf(person.id, other.id);
        return this.#message({ stream, from: person, to: other, draft: command.draft, circumstances });
      }
    }
  }

  /** Makes true what was decided. */
  apply(decision: Decision): void {
    switch (decision.kind) {
      case "entered":
        for (const replaced of decision.replaces) this.#sessions.delete(replaced);
        decision.person.sessions = [decision.session];
        this.#sessions.set(decision.session, decision.person);
        if (decision.first) this.roster.add(decision.person);
        return;
      case "left":
        this.#sessions.delete(decision.session);
        decision.person.sessions = decision.person.sessions.filter((id) => id !== decision.session);
        if (decision.last) this.roster.remove(decision.person);
        return;
      case "refused":
      case "said":
      case "nothing":
        return;
    }
  }

  /** Whether a session may read a stream: the lobby, and the private conversations of its own person. */
  mayRead(session: SessionId, stream: StreamId): boolean {
    const person = this.#sessions.get(session);
    if (person === undefined) return false;
    return stream === lobby || partiesOf(stream)?.includes(person.id) === true;
  }

  #enter(session: SessionId, command: { readonly person: PersonId; readonly name: string }): Decision {
    if (this.#sessions.has(session)) return { kind: "nothing" };
    const present = this.roster.byId(command.person);
    const name = parseName(command.name);
    if ("reason" in name) return refused(name);
    const refusal = this.roster.claim(command.person, name);
    if (refusal !== undefined) return refused(refusal);
    if (present === undefined) {
      const author = { id: command.person, name: name.shown };
      const person: Person = { id: command.person, name, author, sessions: [] };
      return { kind: "entered", session, person, replaces: [], first: true };
    }
    return { kind: "entered", session, person: present, replaces: present.sessions, first: false };
  }

  #message(what: {
    readonly stream: StreamId;
    readonly from: Person;
    readonly to: Person | undefined;
    readonly draft: Draft;
    readonly circumstances: Circumstances;
  }): Decision {
    const { draft, stream } = what;
    const { at, id } = what.circumstances;
    const text = cleanText(draft.text, this.#maxTextBytes);
    if (!text.ok) return refused(text.refusal);
    const event: NewEvent = {
      stream,
      id,
      at,
      kind: draft.kind,
      from: what.from.author,
      to: what.to?.author,
      text: text.text,
      replyTo: draft.replyTo,
      threadRoot: draft.threadRoot,
      retry: draft.retry,
    };
    return { kind: "said", event };
  }
}

function refused(refusal: Refusal): Decision {
  return { kind: "refused", refusal };
}
