import { isRoom, lobby } from "../chat/event.ts";
import type { Position, ServerMessage, WireEvent } from "../protocols/websocket/messages.ts";
import { maxPositionHeads } from "../protocols/websocket/parse.ts";

export type Welcome = Extract<ServerMessage, { readonly type: "welcome" }>;

/** What may be shown now: the next event of its stream, a send of this device, or a range that no longer exists. */
export type Passed =
  | { readonly kind: "event"; readonly event: WireEvent }
  | { readonly kind: "own"; readonly stream: string; readonly number: number }
  | { readonly kind: "gap"; readonly stream: string; readonly from: number; readonly to: number };

interface Stream {
  head: number;
  /** The highest number that is known to exist. */
  known: number;
  /** What came before its turn; `own`: a send of this device, which is not to be shown again. */
  readonly ahead: Map<number, WireEvent | "own">;
  gone: { readonly from: number; readonly to: number }[];
  /** Whether it may be read now; a room that one was in before may come to be readable again. */
  open: boolean;
}

/** Beyond this many, events that came before their turn are forgotten and read from history again. */
const maxAhead = 256;
/** A position with more streams than `maxPositionHeads` is malformed; the room has a place of its own. */
const maxHeads = maxPositionHeads - 1;

/**
 * Lets each event pass once and in number order, whichever way it came: live, in a page of history, or as the
 * acknowledgement of a send. What it let pass is the position to resume from.
 *
 * A welcome names the heads of all streams that there are, so a conversation that is first heard of later begins with
 * 1. A room begins where it is entered, and is of no interest outside of it. A number that is left out is a hole, which
 * `after` tells, and which the answer to that question, `page`, fills.
 */
export class Order {
  #epoch: string | undefined;
  readonly #streams = new Map<string, Stream>();

  /** What to give back at the next hello. `undefined` before the first welcome. */
  position(): Position | undefined {
    if (this.#epoch === undefined) return undefined;
    // The newest ones; of a conversation that is left out the server sends all, and what was seen is dropped here.
    const heads = [...this.#streams].slice(-maxHeads).map(([id, stream]) => [id, stream.head] as const);
    const room = this.#streams.get(lobby)?.head;
    return {
      epoch: this.#epoch,
      heads: { ...(room === undefined ? {} : { [lobby]: room }), ...Object.fromEntries(heads) },
    };
  }

  /**
   * A connection begins. Where the server does not resume but its history is still the same, its last messages
   * are taken as events, so that the hole before them is found. Where nothing can be continued, the position
   * is the server's, and the welcome's last messages are left for the caller to show as such.
   */
  begin(
    welcome: Welcome,
    samePerson: boolean,
  ): { readonly continued: boolean; readonly passed: readonly Passed[] } {
    for (const [id, stream] of this.#streams) {
      forgetEvents(stream);
      stream.open = !isRoom(id) || Object.hasOwn(welcome.heads, id);
    }
    const continued = this.#epoch === welcome.epoch;
    if (!continued) this.#streams.clear();
    this.#epoch = welcome.epoch;
    // Somebody else's private conversations are not readable for a new person.
    if (!samePerson) {
      for (const id of this.#streams.keys()) {
        if (!isRoom(id) && !Object.hasOwn(welcome.heads, id)) this.#streams.delete(id);
      }
    }
    const passed: Passed[] = [];
    for (const range of welcome.gone) passed.push(...this.gone(range));
    for (const [id, head] of Object.entries(welcome.heads)) {
      const stream = this.#stream(id, welcome.resumed && !isRoom(id) ? 0 : head);
      stream.known = Math.max(stream.known, head);
    }
    if (continued && !welcome.resumed) {
      const recent = [welcome.recent, ...(welcome.rooms ?? []).map((entry) => entry.recent)].flat();
      for (const event of recent) passed.push(...this.event(event));
    }
    return { continued, passed };
  }

  /** Whether what was seen of a room that is entered is known from before. */
  knows(id: string): boolean {
    return this.#streams.has(id);
  }

  /** A room is entered, which is live after `head`. What was missed of it since it was last open is a hole. */
  enter(id: string, head: number): void {
    const stream = this.#stream(id, head);
    stream.open = true;
    stream.known = Math.max(stream.known, head);
  }

  /** Nothing of a room is awaited any more. */
  leave(id: string): void {
    this.#streams.delete(id);
  }

  event(event: WireEvent): readonly Passed[] {
    return this.#arrived(event.stream, event.number, event);
  }

  /** A send of this device became this number. It passes in its turn, and at once where its turn is over. */
  own(stream: string, number: number): readonly Passed[] {
    const isOver = number <= this.#stream(stream, 0).head;
    return isOver ? [{ kind: "own", stream, number }] : this.#arrived(stream, number, "own");
  }

  /** These numbers, both ends included, no longer exist. */
  gone(range: { readonly stream: string; readonly from: number; readonly to: number }): readonly Passed[] {
    const stream = this.#open(range.stream, range.from - 1);
    if (stream === undefined) return [];
    stream.known = Math.max(stream.known, range.to);
    stream.gone.push({ from: range.from, to: range.to });
    return this.#advance(range.stream, stream);
  }

  /** The answer to the question that `after` told to ask. */
  page(page: Extract<ServerMessage, { readonly type: "page" }>): readonly Passed[] {
    const stream = this.#open(page.stream, 0);
    if (stream === undefined) return [];
    const before = stream.head;
    const passed: Passed[] = [];
    if (page.floor > stream.head) stream.gone.push({ from: stream.head + 1, to: page.floor });
    passed.push(...this.#advance(page.stream, stream));
    for (const event of page.events) passed.push(...this.event(event));
    // A server that has nothing more to say about the hole must not be asked for ever.
    if (stream.head === before) passed.push(...this.giveUp(page.stream));
    return passed;
  }

  /** Where a hole of the stream begins: ask for the history after this number. `undefined`: there is no hole. */
  after(id: string): number | undefined {
    const stream = this.#streams.get(id);
    return stream?.open === true && stream.known > stream.head ? stream.head : undefined;
  }

  /** Takes in how far the streams are known to go, and tells which have holes. */
  behind(heads: Readonly<Record<string, number>>): readonly string[] {
    for (const [id, head] of Object.entries(heads)) {
      const stream = this.#open(id, 0);
      if (stream !== undefined) stream.known = Math.max(stream.known, head);
    }
    return [...this.#streams.keys()].filter((id) => this.after(id) !== undefined);
  }

  /** The hole at the head of the stream cannot be filled: it is told as gone, and what came after it passes. */
  giveUp(id: string): readonly Passed[] {
    const stream = this.#streams.get(id);
    if (stream === undefined || stream.known <= stream.head) return [];
    const next = stream.ahead.size === 0 ? stream.known + 1 : Math.min(...stream.ahead.keys());
    stream.gone.push({ from: stream.head + 1, to: next - 1 });
    return this.#advance(id, stream);
  }

  #stream(id: string, head: number): Stream {
    const present = this.#streams.get(id);
    if (present !== undefined) return present;
    const stream: Stream = { head, known: head, ahead: new Map(), gone: [], open: true };
    this.#streams.set(id, stream);
    return stream;
  }

  /** As `#stream`; `undefined` for a room that one is not in. */
  #open(id: string, head: number): Stream | undefined {
    const present = this.#streams.get(id);
    if (present !== undefined) return present.open ? present : undefined;
    return isRoom(id) ? undefined : this.#stream(id, head);
  }

  #arrived(id: string, number: number, what: WireEvent | "own"): readonly Passed[] {
    const stream = this.#open(id, 0);
    if (stream === undefined || number <= stream.head) return [];
    stream.known = Math.max(stream.known, number);
    const present = stream.ahead.get(number);
    if (present !== "own" && (what === "own" || stream.ahead.size < maxAhead || number === stream.head + 1)) {
      stream.ahead.set(number, what);
    }
    return this.#advance(id, stream);
  }

  #advance(id: string, stream: Stream): readonly Passed[] {
    const passed: Passed[] = [];
    for (;;) {
      const number = stream.head + 1;
      const next = stream.ahead.get(number);
      const gone = stream.gone.find((range) => range.from <= number && number <= range.to);
      if (next !== undefined) {
        stream.ahead.delete(number);
        stream.head = number;
        passed.push(next === "own" ? { kind: "own", stream: id, number } : { kind: "event", event: next });
      } else if (gone !== undefined) {
        stream.head = gone.to;
        passed.push({ kind: "gap", stream: id, from: number, to: gone.to });
      } else {
        break;
      }
    }
    stream.known = Math.max(stream.known, stream.head);
    stream.gone = stream.gone.filter((range) => range.to > stream.head);
    return passed;
  }
}

/** What is durable comes again on the next connection; that a number is one's own is known only here. */
function forgetEvents(stream: Stream): void {
  stream.gone = [];
  for (const [number, what] of stream.ahead) if (what !== "own") stream.ahead.delete(number);
}
