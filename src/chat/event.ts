/** Milliseconds since 1970-01-01T00:00:00Z. The core is always handed the time; it never reads a clock. */
export type Instant = number;

/** Names a person for good. Made by the server, never used twice, never typed by anybody. */
export type PersonId = string & { readonly brand: "PersonId" };

/** Names what is numbered: a room (`#lobby`) or a private conversation (`dm:<person>:<person>`). */
export type StreamId = string & { readonly brand: "StreamId" };

/**
 * A message's identity on every door, beside its number in its stream. 1 to 64 of `A-Z a-z 0-9 . _ -`; those that are
 * made here say when, see `messageId`.
 */
export type MessageId = string & { readonly brand: "MessageId" };

/**
 * A text that went through `cleanText`: nothing in it that moves a cursor. It is one line but where a door let
 * several be one message, with LF between them; and it may hold the codes of IRC's formatting.
 */
export type CleanText = string & { readonly brand: "CleanText" };

/** Who it was, and the name as it was shown then. */
export interface Author {
  readonly id: PersonId;
  readonly name: string;
}

/** Somebody who is here, as others are told of him. */
export interface PresentAuthor extends Author {
  /** IRC's `user` and `host`; neither is an address. */
  readonly user: string;
  readonly host: string;
  readonly account: string | undefined;
  readonly isBot: boolean;
}

/** What is said: `text`, `action` (`/me`), and `notice`, which no program answers. */
export type SpeechKind = "text" | "action" | "notice";

/**
 * What happens to a room: its `topic` is set, somebody (`to`) is removed (`kick`, the text says why), it is run
 * otherwise (`mode`, see `modeText`), it is called otherwise (`room-name`, see `newNameText`).
 */
export type RoomEventKind = "topic" | "kick" | "mode" | "room-name";

/**
 * `announcement`: the operator's word to everybody. `removal`: somebody took back what `replyTo` names, the text says
 * why. `removed`: what is left of it, without a text. `signal`: an IRC client's tags without a message; its text is
 * what somebody reacts with to `replyTo`, and empty where it is none of that. Edits become a kind beside these.
 */
export type EventKind = SpeechKind | RoomEventKind | "announcement" | "removal" | "removed" | "signal";

/** The key of a send that may be retried: the same key is stored once, however often it is sent. */
export interface RetryKey {
  /** The sending device, as its resume token names it. */
  readonly device: string;
  /** Counts the device's sends; 1 or more, growing. */
  readonly counter: number;
}

/** What the core accepted. The journal gives it its number. */
export interface NewEvent {
  readonly stream: StreamId;
  readonly id: MessageId;
  /** When it was accepted. The store moves it forward where a stream's time would run backwards. */
  readonly at: Instant;
  readonly kind: EventKind;
  readonly from: Author;
  /** The other one of a private conversation. */
  readonly to: Author | undefined;
  readonly text: CleanText;
  readonly replyTo: MessageId | undefined;
  readonly threadRoot: MessageId | undefined;
  /** What the IRC door keeps with a message for its own readers, in its own form; nobody else looks at it. */
  readonly clientTags: string | undefined;
  readonly retry: RetryKey | undefined;
}

/** What is durable: it has its place in the order of its stream. */
export interface StoredEvent {
  readonly stream: StreamId;
  /** 1, 2, 3 … in its stream, without holes. */
  readonly number: number;
  readonly id: MessageId;
  readonly at: Instant;
  readonly kind: EventKind;
  readonly from: Author;
  readonly to: Author | undefined;
  readonly text: CleanText;
  readonly replyTo: MessageId | undefined;
  readonly threadRoot: MessageId | undefined;
  readonly clientTags: string | undefined;
}

/** An event as one reader is shown it. `ignored`: what is left, without a text, of what is said by whom he ignores. */
export interface ReaderEvent extends Omit<StoredEvent, "kind"> {
  readonly kind: EventKind | "ignored";
}

/** Whether it is what somebody said, and still there. */
export function isSpeech(kind: ReaderEvent["kind"]): kind is SpeechKind | "announcement" {
  return kind === "text" || kind === "action" || kind === "notice" || kind === "announcement";
}

/** Whether people are to see anything of it at the doors that know nothing of tags. */
export function isShown({
  kind,
  text,
}: {
  readonly kind: ReaderEvent["kind"];
  readonly text: string;
}): boolean {
  return kind !== "ignored" && (kind !== "signal" || text !== "");
}

/** What is left in the place of an event that was removed. */
export function withoutContent<Event extends Omit<ReaderEvent, "number">>(event: Event): Event {
  return {
    ...event,
    kind: "removed",
    text: "" as CleanText,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
  };
}

/** An id that begins with when its message was accepted; `rest` makes it unique. */
export function messageId(at: Instant, rest: string): MessageId {
  return `${at.toString(36)}-${rest}` as MessageId;
}

/** When the message with this id was accepted, as far as the id says so; at the latest then. */
export function instantOf(id: MessageId): Instant {
  const at = Number.parseInt(id, 36);
  return Number.isNaN(at) ? 0 : at;
}

/** The room that everybody is in. */
export const lobby: StreamId = "#lobby" as StreamId;

/** The stream of the private conversation of two people; the same for both. */
export function conversationOf(one: PersonId, other: PersonId): StreamId {
  return (one < other ? `dm:${one}:${other}` : `dm:${other}:${one}`) as StreamId;
}

/** Whether a stream is a room's, and not a private conversation's. */
export function isRoom(stream: string): boolean {
  return !stream.startsWith("dm:");
}

const conversation = /^dm:([\w.-]+):([\w.-]+)$/;

/** The two people of a private conversation, or `undefined` where `stream` is a room or nothing at all. */
export function partiesOf(stream: StreamId): readonly [PersonId, PersonId] | undefined {
  const [, one, other] = conversation.exec(stream) ?? [];
  return one === undefined || other === undefined ? undefined : [one as PersonId, other as PersonId];
}
