import type { EventKind, Instant, MessageId } from "../../chat/event.ts";
import type { RefusalReason } from "../../chat/refusal.ts";

/** The version of this protocol. A server refuses a `hello` with another one and says which it speaks. */
export const protocolVersion = 1;

/** Where the door is, on the one port. */
export const websocketPath = "/chat";

/** Who somebody is, and the name to show. */
export interface WirePerson {
  readonly id: string;
  readonly name: string;
}

/** A durable event. `stream` and `number` are its place in the order; `id` is its identity on every door. */
export interface WireEvent {
  readonly stream: string;
  readonly number: number;
  readonly id: string;
  readonly at: Instant;
  readonly kind: EventKind;
  readonly from: WirePerson;
  /** Only in private conversations: the other one. */
  readonly to?: WirePerson;
  readonly text: string;
  readonly replyTo?: string;
  readonly threadRoot?: string;
}

/**
 * What a client has seen: the epoch of the last welcome, and per stream the highest number.
 * To be given back as it was built up; its parts mean nothing beyond that.
 */
export interface Position {
  readonly epoch: string;
  readonly heads: Readonly<Record<string, number>>;
}

export type ClientMessage =
  | {
      readonly type: "hello";
      readonly version: number;
      readonly name: string;
      /** From an earlier welcome: the same person on the same device, who may take over a connection left behind. */
      readonly token?: string;
      /** With it the rest is sent from there; without it the last messages. */
      readonly position?: Position;
    }
  | {
      readonly type: "send";
      /** Counts this device's sends: 1 or more, growing. The same counter with the same words is stored once. */
      readonly counter: number;
      /** `#lobby`, or `@` and the name of somebody who is online. */
      readonly to: string;
      readonly kind: "text" | "action";
      readonly text: string;
      readonly replyTo?: MessageId;
      readonly threadRoot?: MessageId;
    }
  | {
      /** Asks for a page: the events after a number, or the last ones before one (or before the head). */
      readonly type: "history";
      readonly request: number;
      readonly stream: string;
      readonly after?: number;
      readonly before?: number;
      /** At most this many; the server's own limit is in the welcome. */
      readonly limit?: number;
    }
  | { readonly type: "list"; readonly request: number; readonly beginning?: string }
  /** Looks for messages of the room and of one's own private conversations; `query` is as people type it. */
  | { readonly type: "search"; readonly request: number; readonly query: string }
  | { readonly type: "quit" };

/** A message that was found, and those that stand before and after it in its stream. */
export interface WireHit {
  readonly event: WireEvent;
  readonly before?: WireEvent;
  readonly after?: WireEvent;
}

/** Why the server ends a connection. */
export type ClosingReason =
  /** It was asked for. */
  | "quit"
  | "shutdown"
  | "kicked"
  | "banned"
  | "taken-over"
  | "too-many-connections"
  | "login-timeout"
  | "names-refused"
  | "too-slow"
  | "silent"
  | "malformed"
  | "wrong-version"
  | "fault";

/** All of them, which the compiler holds complete. */
export const closingReasons: Readonly<Record<ClosingReason, true>> = {
  quit: true,
  shutdown: true,
  kicked: true,
  banned: true,
  "taken-over": true,
  "too-many-connections": true,
  "login-timeout": true,
  "names-refused": true,
  "too-slow": true,
  silent: true,
  malformed: true,
  "wrong-version": true,
  fault: true,
};

export type ServerMessage =
  | {
      readonly type: "welcome";
      readonly version: number;
      readonly you: WirePerson;
      readonly token: string;
      readonly epoch: string;
      /** Whether the position of the hello was taken up. If not, `recent` holds the last messages instead. */
      readonly resumed: boolean;
      /** Ranges of numbers, both ends included, that the position lacks and that no longer exist. */
      readonly gone: readonly { readonly stream: string; readonly from: number; readonly to: number }[];
      /** Per stream the number up to which this session is served when `caught-up` has come. */
      readonly heads: Readonly<Record<string, number>>;
      readonly online: OnlineList;
      /** The last messages of the room, where the session does not resume. */
      readonly recent: readonly WireEvent[];
      /** Whether the operator's console shows the texts of private messages. */
      readonly operatorSeesPrivate: boolean;
      readonly limits: {
        readonly maxTextBytes: number;
        readonly maxPageEvents: number;
        readonly heartbeatMs: number;
        /** `null`: unlimited. */
        readonly flood: { readonly burst: number; readonly perSecond: number } | null;
      };
    }
  /** What this session missed has all been sent; what follows is live. Also after it had been too slow. */
  | { readonly type: "caught-up"; readonly online: OnlineList }
  /** These numbers, both ends included, were missed and no longer exist. */
  | { readonly type: "gone"; readonly stream: string; readonly from: number; readonly to: number }
  | { readonly type: "event"; readonly event: WireEvent }
  /** The send with this counter is durable. Its own sender gets this in place of the event. */
  | {
      readonly type: "ack";
      readonly counter: number;
      readonly stream: string;
      readonly number: number;
      readonly id: string;
      readonly at: Instant;
      /** For a private message: whom it went to, as the name is really written. */
      readonly to?: WirePerson;
    }
  /** Something asked for may not be, or could not be done. `counter` or `request` say what. */
  | {
      readonly type: "refused";
      readonly reason: RefusalReason;
      /** A sentence for people. */
      readonly text: string;
      readonly counter?: number;
      readonly request?: number;
      /** When to try again. */
      readonly retryAfterMs?: number;
    }
  | {
      readonly type: "joined" | "left";
      readonly at: Instant;
      readonly people: readonly WirePerson[];
      readonly count: number;
    }
  | {
      readonly type: "page";
      readonly request: number;
      readonly stream: string;
      readonly events: readonly WireEvent[];
      readonly floor: number;
      readonly head: number;
    }
  | {
      readonly type: "found";
      readonly request: number;
      /** The best first. */
      readonly hits: readonly WireHit[];
      /** How many messages fit, of those that were looked at. */
      readonly found: number;
      /** `false`: a limit was reached, and older messages were not looked at. */
      readonly complete: boolean;
    }
  | { readonly type: "online"; readonly request: number; readonly online: OnlineList }
  /** Also the sign that the server is alive: two intervals without one mean that it is not. */
  | { readonly type: "heartbeat"; readonly at: Instant; readonly heads: Readonly<Record<string, number>> }
  /** The last message before the server closes. `text` is a sentence for people. */
  | { readonly type: "closing"; readonly reason: ClosingReason; readonly text: string; readonly at: Instant };

/** Who is online, in join order; above the server's cap only the first, and how many there are in all. */
export interface OnlineList {
  readonly count: number;
  readonly names: readonly string[];
}
