import { lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";

interface Stream {
  /** What is still to be read comes before this number. */
  before: number;
  /** Nothing is left to be read. */
  complete: boolean;
  /** Read, and not taken yet; ascending. */
  readonly events: WireEvent[];
}

/** The page of a stream that is to be read next. */
export interface Wanted {
  readonly stream: string;
  readonly before: number;
}

/**
 * Several streams read backwards as one, in order of time: what is older than all that is shown. Something can be
 * taken when nothing that comes between it and what is shown can be missing.
 */
export class Backlog {
  readonly #streams = new Map<string, Stream>();

  /** Begins anew. `heads`: what there is; `shown`: what of it is shown already, the newest of their streams. */
  begin(heads: Readonly<Record<string, number>>, shown: readonly WireEvent[]): void {
    this.#streams.clear();
    for (const [stream, head] of Object.entries(heads)) this.#readTo(stream, head + 1);
    for (const { stream, number } of shown) {
      this.#readTo(stream, Math.min(number, this.#streams.get(stream)?.before ?? number));
    }
  }

  /** Whether all is shown that there is. */
  get complete(): boolean {
    return [...this.#streams.values()].every(isThrough);
  }

  /** Whether there are private messages that are not shown. */
  get hasPrivate(): boolean {
    return [...this.#streams].some(([id, stream]) => id !== lobby && !isThrough(stream));
  }

  /** What has to be read before something can be taken, if anything. */
  wanted(): Wanted | undefined {
    for (const [stream, { before, complete, events }] of this.#streams) {
      if (!complete && events.length === 0) return { stream, before };
    }
    return undefined;
  }

  /** The answer to what was wanted; what is not wanted any more is left. */
  page(
    { stream: id, before }: Partial<Wanted>,
    page: { readonly events: readonly WireEvent[]; readonly floor: number },
  ): void {
    const stream = this.#streams.get(id ?? "");
    if (stream === undefined || stream.before !== before) return;
    stream.events.unshift(...page.events);
    stream.before = page.events[0]?.number ?? before;
    stream.complete = page.events.length === 0 || stream.before <= page.floor + 1;
  }

  /** Nothing is left to be read of streams that are not among these. */
  keepOnly(heads: Readonly<Record<string, number>>): void {
    for (const stream of this.#streams.keys())
      if (!Object.hasOwn(heads, stream)) this.#streams.delete(stream);
  }

  /** Takes what is certain to be the next older, in order of time. */
  take(): readonly WireEvent[] {
    const taken: WireEvent[] = [];
    while (this.wanted() === undefined) {
      let newest: Stream | undefined;
      for (const stream of this.#streams.values()) {
        const at = stream.events.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
        if (at > (newest?.events.at(-1)?.at ?? Number.NEGATIVE_INFINITY)) newest = stream;
      }
      const event = newest?.events.pop();
      if (event === undefined) break;
      taken.push(event);
    }
    return taken.reverse();
  }

  /** Shown events, the oldest of all, are shown no more: they are to be read again when they are wanted. */
  putBack(events: readonly WireEvent[]): void {
    for (const { stream, number } of events) {
      if (number > 0) this.#readTo(stream, Math.max(number + 1, this.#streams.get(stream)?.before ?? 0));
    }
  }

  #readTo(stream: string, before: number): void {
    this.#streams.set(stream, { before, complete: before <= 1, events: [] });
  }
}

function isThrough({ complete, events }: Stream): boolean {
  return complete && events.length === 0;
}
