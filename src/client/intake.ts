import type { ClientMessage, Position, WireEntry, WireEvent } from "../protocols/websocket/messages.ts";
import type { EngineEvent, ServerOf } from "./engine-event.ts";
import { Order, type Passed, type Welcome } from "./order.ts";

export interface IntakeOptions {
  readonly tell: (event: EngineEvent) => void;
  /** Asks the server for what is missing. */
  readonly ask: (question: Omit<Extract<ClientMessage, { type: "history" }>, "type" | "request">) => number;
  /** Whether an event may be this device's own send that has no answer yet. */
  readonly maybeOwn: (event: WireEvent) => boolean;
}

/** So much is held at most; then what others said is told before what may be one's own. */
const maxHeld = 1000;

/**
 * What comes in is told once and in order, own sends in their places. Holes are noticed and filled from history, and
 * an own send that comes back as an event, because its acknowledgement was lost, is held, with what comes after it,
 * until the answer to its retry tells.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #order = new Order();
  /** Requests that fill holes, by their ids, and the streams they are for. */
  readonly #fills = new Map<number, string>();
  #held: Passed[] = [];
  /** What tells of own sends that are stored, by their streams and numbers, while something before them is missing. */
  readonly #stored = new Map<string, () => void>();
  #pageEvents = 1;
  #catchingUp = false;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  get position(): Position | undefined {
    return this.#order.position();
  }

  /** Returns whether the history is the one that was seen before, and what to call to go on. */
  begin(welcome: Welcome, samePerson: boolean): { readonly continued: boolean; readonly go: () => void } {
    this.#pageEvents = welcome.limits.maxPageEvents;
    this.#catchingUp = welcome.resumed;
    const { continued, passed } = this.#order.begin(welcome, samePerson);
    // What is waited for belongs to another history, or to somebody else's.
    if (!continued || !samePerson) this.letGo();
    return {
      continued,
      go: () => {
        this.#pass(passed);
        this.noticeHoles({});
      },
    };
  }

  caughtUp(): void {
    this.#catchingUp = false;
    this.noticeHoles({});
  }

  /**
   * A room is entered. Returns whether what was seen of it before is continued, and what to call to go on: its last
   * messages are told as events then.
   */
  enter({ room, head, recent }: WireEntry): { readonly continued: boolean; readonly go: () => void } {
    const continued = this.#order.knows(room.stream);
    this.#order.enter(room.stream, head);
    return {
      continued,
      go: () => {
        if (continued) for (const event of recent) this.#pass(this.#order.event(event));
        this.#fillHole(room.stream);
      },
    };
  }

  leave(stream: string): void {
    this.#order.leave(stream);
  }

  event(event: WireEvent): void {
    this.#pass(this.#order.event(event));
    this.#fillHole(event.stream);
  }

  gone(range: { readonly stream: string; readonly from: number; readonly to: number }): void {
    this.#pass(this.#order.gone(range));
  }

  /** What this device asked for is stored as this event: `tell` tells so, in its place between the others. */
  acknowledged({ stream, number }: Pick<WireEvent, "stream" | "number">, tell: () => void): void {
    const passed = this.#order.own(stream, number);
    const held = this.#held.splice(0);
    this.#stored.set(keyOf(stream, number), tell);
    for (const what of held) {
      const isOwn = what.kind === "event" && what.event.stream === stream && what.event.number === number;
      this.#tell(isOwn ? { kind: "own", stream, number } : what);
    }
    this.#pass(passed);
    this.#fillHole(stream);
  }

  /** A send is not stored: what was held was somebody else's, or another device's. */
  notStored(): void {
    for (const what of this.#held.splice(0)) this.#tell(what);
  }

  /** Nothing comes any more that anything could wait for: all is told. */
  letGo(): void {
    this.notStored();
    const stored = [...this.#stored.values()];
    this.#stored.clear();
    for (const tell of stored) tell();
  }

  /** `false`: the page was not asked for here. */
  page(page: ServerOf<"page">): boolean {
    if (!this.#fills.delete(page.request)) return false;
    this.#pass(this.#order.page(page));
    this.#fillHole(page.stream);
    return true;
  }

  /** `false`: what is refused was not asked here. */
  refused({ request, reason }: ServerOf<"refused">): boolean {
    const stream = request === undefined ? undefined : this.#fills.get(request);
    if (request === undefined || stream === undefined) return false;
    this.#fills.delete(request);
    // What is refused only for now is asked again when the next event or heartbeat shows the hole.
    if (reason !== "too-fast") this.#pass(this.#order.giveUp(stream));
    return true;
  }

  /** Asks for what the heads of the streams show to be missing. */
  noticeHoles(heads: Readonly<Record<string, number>>): void {
    for (const stream of this.#order.behind(heads)) this.#fillHole(stream);
  }

  disconnected(): void {
    this.#fills.clear();
    // Nothing can be asked before the next welcome.
    this.#catchingUp = true;
  }

  #pass(passed: readonly Passed[]): void {
    for (const what of passed) {
      if (this.#held.length === 0 && !this.#mayBeOwn(what)) this.#tell(what);
      else this.#held.push(what);
    }
    if (this.#held.length <= maxHeld) return;
    const held = this.#held;
    this.#held = held.filter((what) => this.#mayBeOwn(what));
    for (const what of held) if (!this.#held.includes(what)) this.#tell(what);
  }

  #mayBeOwn(what: Passed): boolean {
    return what.kind === "event" && this.#options.maybeOwn(what.event);
  }

  #tell(what: Passed): void {
    // What somebody says whom one ignores has its number, and nothing to show.
    if (what.kind === "event" && what.event.kind === "ignored") return;
    if (what.kind !== "own") {
      this.#options.tell(what);
      return;
    }
    const key = keyOf(what.stream, what.number);
    const tell = this.#stored.get(key);
    this.#stored.delete(key);
    tell?.();
  }

  #fillHole(stream: string): void {
    const after = this.#order.after(stream);
    // While the server sends what was missed, what seems to be missing is on its way.
    if (after === undefined || this.#catchingUp || [...this.#fills.values()].includes(stream)) return;
    this.#fills.set(this.#options.ask({ stream, after, limit: this.#pageEvents }), stream);
  }
}

function keyOf(stream: string, number: number): string {
  return `${number} ${stream}`;
}
