import { foldName } from "../chat/name.ts";
import { cleanText } from "../chat/text.ts";
import type { ClientMessage, WireEvent } from "../protocols/websocket/messages.ts";

export type Send = Extract<ClientMessage, { readonly type: "send" }>;
/** What a person asked for and the server answers: stored, shown or refused. */
export type Ask = Extract<ClientMessage, { readonly type: "send" | "list" | "history" | "search" }>;

/**
 * What was asked and is not answered yet, in the order in which it was asked. Only the first one is ever on
 * its way: a server that refuses one for now could otherwise take the next one, and the order would be lost.
 */
export class Outbox {
  readonly #limit: number;
  #asks: Ask[] = [];
  #sent = false;
  #uncertain = false;

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

  /** The one whose turn it is, or `undefined` while it is on its way. */
  next(): Ask | undefined {
    return this.#sent ? undefined : this.#asks[0];
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
    return this.#uncertain ? this.#first : undefined;
  }

  /** Whether `event` can be the send that went out and has no answer: to the same, in the same words. */
  mayHaveSent(event: WireEvent): boolean {
    const send = this.#uncertain || this.#sent ? this.#first : undefined;
    if (send === undefined || event.kind !== send.kind) return false;
    const to = event.to === undefined ? event.stream : `@${foldName(event.to.name)}`;
    const wanted = send.to.startsWith("@") ? `@${foldName(send.to.slice(1))}` : send.to;
    const text = cleanText(send.text, Number.POSITIVE_INFINITY);
    return to === wanted && text.ok && text.text === event.text;
  }

  /** The first one has its answer. `undefined` where the answer is to something else. */
  settle(answer: { readonly counter?: number; readonly request?: number }): Ask | undefined {
    const first = this.#answered(answer);
    if (first === undefined) return undefined;
    this.#asks.shift();
    this.#sent = false;
    this.#uncertain = false;
    return first;
  }

  /**
   * The first one is to be sent again later. `uncertain`: it may be stored all the same. Returns `false` where the
   * answer is to something else.
   */
  postpone(answer: { readonly counter?: number; readonly request?: number }, uncertain: boolean): boolean {
    if (this.#answered(answer) === undefined) return false;
    this.#sent = false;
    this.#uncertain ||= uncertain;
    return true;
  }

  /** The connection is gone: what was on its way is sent again on the next one. */
  disconnected(): void {
    if (this.#sent) this.#uncertain = true;
    this.#sent = false;
  }

  /** The sends that are left, in order. */
  sends(): readonly Send[] {
    return this.#asks.filter((ask) => ask.type === "send");
  }

  get #first(): Send | undefined {
    const [first] = this.#asks;
    return first?.type === "send" ? first : undefined;
  }

  #answered(answer: { readonly counter?: number; readonly request?: number }): Ask | undefined {
    const [first] = this.#asks;
    if (first === undefined) return undefined;
    const same = first.type === "send" ? first.counter === answer.counter : first.request === answer.request;
    return same ? first : undefined;
  }
}
