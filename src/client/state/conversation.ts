import { isRoom, isShown, lobby } from "../../chat/event.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Send } from "../outbox.ts";
import { Backlog } from "./backlog.ts";

/** How a message of one's own stands. */
export type OwnState =
  | { readonly kind: "waiting" | "sent" }
  | { readonly kind: "refused"; readonly why: string };

/** Something that is shown; a value, so that what was laid out of it holds as long as it does. */
export type Item =
  | {
      readonly kind: "message";
      readonly serial: number;
      readonly event: WireEvent;
      /** Only for one's own. */
      readonly own: OwnState | undefined;
    }
  | {
      readonly kind: "presence";
      readonly serial: number;
      readonly at: number;
      readonly joined: readonly string[];
      readonly left: readonly string[];
      /** How many more people came or went than there are names. */
      readonly more: number;
    }
  | {
      readonly kind: "note";
      readonly serial: number;
      readonly at: number;
      readonly tone: "notice" | "error";
      readonly text: string;
    };

/** So many items are kept while the newest are shown; older messages are read from the server again. */
const maxItems = 5000;
/** So many are kept while somebody looks back; then the oldest go all the same. */
const maxItemsLookingBack = 50_000;
const maxPresenceNames = 12;

type Draft = Item extends infer Each ? (Each extends Item ? Omit<Each, "serial"> : never) : never;

/** All that is shown, in order: what is stored and told, and behind it what waits to be sent. */
export class Conversation {
  #items: Item[] = [];
  #waiting: (Item & { kind: "message" })[] = [];
  /** The counters of those that wait, in the same order. */
  #counters: number[] = [];
  readonly #byId = new Map<string, WireEvent>();
  #next = 1;
  #first = 0;
  /** Of the room; `undefined`: not known yet. Private messages may stand among what is said there. */
  stream: string | undefined;
  /** What is older. */
  readonly backlog = new Backlog();
  /** Above which item the mark stands. */
  markAbove: number | undefined;

  constructor(stream?: string) {
    this.stream = stream;
  }

  /** Ascending in their serials. */
  get items(): readonly Item[] {
    return this.#waiting.length === 0 ? this.#items : [...this.#items, ...this.#waiting];
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** The number of the first message of the room that is here. */
  get oldest(): number | undefined {
    const first = this.#items.find((item) => item.kind === "message" && this.#isNumbered(item.event));
    return first?.kind === "message" ? first.event.number : undefined;
  }

  /** The serial that comes next. */
  get next(): number {
    return this.#next;
  }

  /** The number of the last message of the room, or of the last one before an item. */
  newest(before = Number.POSITIVE_INFINITY): number | undefined {
    const last = this.#items.findLast(
      (item) => item.kind === "message" && item.serial < before && this.#isNumbered(item.event),
    );
    return last?.kind === "message" ? last.event.number : undefined;
  }

  find(id: string): WireEvent | undefined {
    return this.#byId.get(id);
  }

  /** Begins anew with the last messages; what is older is to be read from `heads` down. What waits stays. */
  begin(
    recent: readonly WireEvent[],
    { heads, me }: { readonly heads: Readonly<Record<string, number>>; readonly me: string },
  ): void {
    this.#items = [];
    this.#byId.clear();
    this.markAbove = undefined;
    for (const event of recent) this.event(event, event.from.id === me ? { kind: "sent" } : undefined);
    this.backlog.begin(heads, recent);
  }

  event(event: WireEvent, own?: OwnState): void {
    if (event.kind === "removal") this.#remove(event.replyTo);
    if (!isShown(event)) return;
    this.#byId.set(event.id, event);
    this.#add({ kind: "message", event, own });
  }

  note(at: number, text: string, tone: "notice" | "error" = "notice"): void {
    this.#add({ kind: "note", at, tone, text: text.trimEnd() });
  }

  /** Those who come and go with nothing said between are told of together. */
  presence(change: { at: number; joined: readonly string[]; left: readonly string[]; count: number }): void {
    const { at, joined, left, count } = change;
    const more = count - joined.length - left.length;
    const last = this.#items.at(-1);
    if (last?.kind !== "presence" || last.joined.length + last.left.length >= maxPresenceNames) {
      this.#add({ kind: "presence", at, joined, left, more });
      return;
    }
    const serial = last.serial;
    const merged = {
      joined: [...last.joined, ...joined],
      left: [...last.left, ...left],
      more: last.more + more,
    };
    this.#items[this.#items.length - 1] = { kind: "presence", serial, at, ...merged };
  }

  /** One's own message, before its answer. */
  sending(event: WireEvent, counter: number): void {
    this.#waiting.push({ kind: "message", serial: this.#serial(), event, own: { kind: "waiting" } });
    this.#counters.push(counter);
    this.#renumber();
  }

  /** It was not taken after all: it can be edited and sent again. */
  notTaken(event: WireEvent, counter: number): void {
    if (this.#settle(counter) === undefined) return;
    const why = "too much is waiting already";
    this.#add({ kind: "message", event, own: { kind: "refused", why } });
  }

  /** What is not among those that wait is none of it, as below: `false`. */
  acknowledged(
    send: Send,
    stored: Pick<WireEvent, "stream" | "number" | "id" | "at"> & Partial<WireEvent>,
  ): boolean {
    const item = this.#settle(send.counter);
    // What an earlier run of the client sent may be among the last messages already.
    if (item !== undefined && !this.#byId.has(stored.id))
      this.event({ ...item.event, ...stored }, { kind: "sent" });
    return item !== undefined;
  }

  refused(send: Send, why: string): void {
    const item = this.#settle(send.counter);
    if (item !== undefined) this.#add({ kind: "message", event: item.event, own: { kind: "refused", why } });
  }

  /** The last own message that was refused is taken out, to be edited. */
  takeRefused(): WireEvent | undefined {
    const at = this.#items.findLastIndex((item) => item.kind === "message" && item.own?.kind === "refused");
    const item = this.#items[at];
    if (item?.kind !== "message") return undefined;
    this.#items.splice(at, 1);
    return item.event;
  }

  /** What came before, in order of time; some of it may belong between what is here. */
  older(events: readonly WireEvent[], me: string): void {
    const items: Item[] = [];
    let taken = 0;
    let rest = events;
    while (rest.length > 0) {
      const next = this.#items[taken];
      const end = next === undefined ? -1 : rest.findIndex((event) => event.at > atOf(next));
      const between = end === -1 ? rest : rest.slice(0, end);
      const serials = this.#serialsBetween(items.at(-1)?.serial, next?.serial, between.length);
      for (const [index, event] of between.entries()) {
        this.#byId.set(event.id, event);
        const own: OwnState | undefined = event.from.id === me ? { kind: "sent" } : undefined;
        items.push({ kind: "message", serial: serials[index] ?? 0, event, own });
      }
      rest = rest.slice(between.length);
      if (rest.length > 0 && next !== undefined) {
        items.push(next);
        taken += 1;
      }
    }
    this.#items = [...items, ...this.#items.slice(taken)];
    this.#renumber();
  }

  /** Forgets the oldest where there are too many; many more are too many while somebody looks back. */
  trim(looksBack: boolean, mostAtEnd: number = maxItems): void {
    const most = looksBack ? maxItemsLookingBack : mostAtEnd;
    if (this.#items.length <= most) return;
    const gone = this.#items
      .splice(0, this.#items.length - most / 2)
      .flatMap((item) => (item.kind === "message" ? [item.event] : []));
    for (const event of gone) this.#byId.delete(event.id);
    this.backlog.putBack(gone.filter((event) => this.#isRead(event)));
  }

  /** Puts the mark above the first message of the room beyond this number, where there is one. */
  markAfter(number: number): void {
    const first = this.#items.find(
      (item) => item.kind === "message" && this.#isNumbered(item.event) && item.event.number > number,
    );
    this.markAbove = first?.serial;
  }

  /** Where an item stands, or would stand. */
  indexOf(serial: number): number {
    const { items } = this;
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((items[middle]?.serial ?? 0) < serial) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isNumbered(event: WireEvent): boolean {
    return event.stream === this.stream && event.number > 0;
  }

  /** Whether it is read back here: private messages are so in the lobby, wherever they were shown first. */
  #isRead({ stream }: WireEvent): boolean {
    return stream === this.stream || (this.stream === lobby && !isRoom(stream));
  }

  /** What a message held is gone. */
  #remove(id: string | undefined): void {
    const at = this.#items.findLastIndex((item) => item.kind === "message" && item.event.id === id);
    const item = this.#items[at];
    if (item?.kind !== "message") return;
    const { replyTo: _reply, threadRoot: _root, ...left } = item.event;
    const event: WireEvent = { ...left, kind: "removed", text: "" };
    this.#items[at] = { ...item, event };
    this.#byId.set(event.id, event);
  }

  #add(draft: Draft): void {
    this.#items.push({ ...draft, serial: this.#serial() });
    this.#renumber();
  }

  #serial(): number {
    this.#next += 1;
    return this.#next - 1;
  }

  /** So many serials that are in order between two others, of which either may be missing; those keep theirs. */
  #serialsBetween(before: number | undefined, after: number | undefined, count: number): readonly number[] {
    const indices = [...Array(count).keys()];
    if (after === undefined) return indices.map(() => this.#serial());
    if (before !== undefined) {
      return indices.map((index) => before + ((after - before) * (index + 1)) / (count + 1));
    }
    this.#first -= count;
    return indices.map((index) => this.#first + index);
  }

  /** What waits stays behind what came meanwhile. */
  #renumber(): void {
    const last = this.#items.at(-1)?.serial ?? 0;
    if ((this.#waiting[0]?.serial ?? Number.POSITIVE_INFINITY) > last) return;
    this.#waiting = this.#waiting.map((item) => ({ ...item, serial: this.#serial() }));
  }

  #settle(counter: number): (Item & { kind: "message" }) | undefined {
    const at = this.#counters.indexOf(counter);
    if (at === -1) return undefined;
    this.#counters.splice(at, 1);
    return this.#waiting.splice(at, 1)[0];
  }
}

export function atOf(item: Item): number {
  return item.kind === "message" ? item.event.at : item.at;
}
