import { foldName } from "../chat/name.ts";
import { cleanedText } from "../chat/text.ts";
import type { ClientMessage, WireEvent } from "../protocols/websocket/messages.ts";

export type Send = Extract<ClientMessage, { readonly type: "send" }>;
/** What a person asked for and the server answers: stored, done, shown or refused. */
export type Ask = Exclude<ClientMessage, { readonly type: "hello" | "quit" }>;
export type Join = Extract<Ask, { readonly type: "join" }>;

/**
 * What was asked and is not answered yet, in the order in which it was asked. Only the first one is ever on
 * its way: a server that refuses one for now could otherwise take the next one, and the order would be lost.
 */
export class Outbox {
  readonly #limit: number;
  #asks: Ask[] = [];
  /** What comes before all that a person asked for. */
  #joins: Join[] = [];
  #sent = false;
  #uncertain: Send | undefined;

  /** At most `limit` asks; beyond it `add` refuses. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#asks.length;
  }

  get full(): boolean {
    return this.#asks.length >= this.#limit;
  }

  /** `false`: the outbox is full, and nothing was added. */
  add(ask: Ask): boolean {
    if (this.full) return false;
    this.#asks.push(ask);
    return true;
  }

  /** A connection begins: rooms to come into again before anything else, beyond the limit. */
  joinAgain(joins: readonly Join[]): void {
    this.#joins = [...joins];
  }

  /** The one whose turn it is, or `undefined` while it is on its way. */
  next(): Ask | undefined {
    return this.#sent ? undefined : this.#first;
  }

  /** The one whose turn it was has been written to the connection. */
  sent(): void {
    this.#sent = true;
  }

  /** Whether an answer is awaited on the present connection. */
  get underway(): boolean {
    return this.#sent;
  }

  /** The send that went out on an earlier connection and was never answered: it may or may not be stored. */
  get uncertain(): Send | undefined {
    return this.#uncertain;
  }

  /**
   * Whether `event` can be the send that went out and has no answer: to the same, in the same words. `room`: what the
   * room is called, since a send may name it so.
   */
  mayHaveSent(event: WireEvent, room: string | undefined): boolean {
    const send = this.#uncertain ?? (this.#sent ? this.#first : undefined);
    if (send?.type !== "send" || event.kind !== send.kind) return false;
    const to = event.to === undefined ? foldName(room ?? event.stream) : `@${foldName(event.to.name)}`;
    const wanted = send.to.startsWith("@") ? `@${foldName(send.to.slice(1))}` : foldName(send.to);
    return (to === wanted || send.to === event.stream) && cleanedText(send.text) === event.text;
  }

  /** The first one has its answer. `undefined` where the answer is to something else. */
  settle(answer: { readonly counter?: number; readonly request?: number }): Ask | undefined {
    const first = this.#answered(answer);
    if (first === undefined) return undefined;
    if (first === this.#joins[0]) this.#joins.shift();
    else this.#asks.shift();
    this.#sent = false;
    if (first === this.#uncertain) this.#uncertain = undefined;
    return first;
  }

  /**
   * The first one is to be sent again later. `uncertain`: it may be stored all the same. Returns `false` where the
   * answer is to something else.
   */
  postpone(answer: { readonly counter?: number; readonly request?: number }, uncertain: boolean): boolean {
    const first = this.#answered(answer);
    if (first === undefined) return false;
    this.#sent = false;
    if (uncertain && first.type === "send") this.#uncertain = first;
    return true;
  }

  /** The connection is gone: what was on its way is sent again on the next one. */
  disconnected(): void {
    const first = this.#first;
    if (this.#sent && first?.type === "send") this.#uncertain = first;
    this.#sent = false;
    this.#joins = [];
  }

  /** The sends that are left, in order. */
  sends(): readonly Send[] {
    return this.#asks.filter((ask) => ask.type === "send");
  }

  get #first(): Ask | undefined {
    return this.#joins[0] ?? this.#asks[0];
  }

  #answered(answer: { readonly counter?: number; readonly request?: number }): Ask | undefined {
    const first = this.#first;
    if (first === undefined) return undefined;
    const same = first.type === "send" ? first.counter === answer.counter : first.request === answer.request;
    return same ? first : undefined;
  }
}
