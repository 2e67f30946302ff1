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

/**
 * What comes in is told once and in order. Holes are noticed and filled from history, and an own send that comes
 * back as an event, because its acknowledgement was lost, is held until the answer to its retry tells.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #order = new Order();
  /** Requests that fill holes, by their ids, and the streams they are for. */
  readonly #fills = new Map<number, string>();
  #held: WireEvent[] = [];
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
  acknowledged(ack: Pick<WireEvent, "stream" | "number">, tell: () => void): void {
    const passed = this.#order.own(ack.stream, ack.number);
    this.#release((event) => event.stream !== ack.stream || event.number !== ack.number);
    tell();
    this.#pass(passed);
    this.#fillHole(ack.stream);
  }

  /** A send is not stored: what was held was somebody else's, or another device's. */
  notStored(): void {
    this.#release(() => true);
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
      if (what.kind === "event" && this.#options.maybeOwn(what.event)) this.#held.push(what.event);
      else this.#options.tell(what);
    }
  }

  #release(isOther: (event: WireEvent) => boolean): void {
    for (const event of this.#held.splice(0))
      if (isOther(event)) this.#options.tell({ kind: "event", event });
  }

  #fillHole(stream: string): void {
    const after = this.#order.after(stream);
    // While the server sends what was missed, what seems to be missing is on its way.
    if (after === undefined || this.#catchingUp || [...this.#fills.values()].includes(stream)) return;
    this.#fills.set(this.#options.ask({ stream, after, limit: this.#pageEvents }), stream);
  }
}
