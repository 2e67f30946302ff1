import type { Instant, MessageId, ReaderEvent, SpeechKind } from "../../chat/event.ts";
import type { RefusalReason } from "../../chat/refusal.ts";
import { searchCost } from "../../chat/search.ts";
import { lineCount } from "../../chat/text.ts";

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
  readonly kind: ReaderEvent["kind"];
  readonly from: WirePerson;
  /** In private conversations the other one; of a `kick` who is removed. */
  readonly to?: WirePerson;
  /** With LF between lines where it has several; that of an IRC client may hold the codes of IRC's formatting. */
  readonly text: string;
  /** Of a `removal` the message that is removed from now on. */
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
      /**
       * Which of several clients that share the token, as the tabs of a browser do: each has a connection, and counters,
       * of its own. A word of up to 64 letters, digits, `-` and `_`.
       */
      readonly tab?: string;
      /** Whether one stays for a while where the connection is lost, so that one who comes back in time never left. */
      readonly lingers?: boolean;
      /** Of the account of this name. */
      readonly password?: string;
      /** What to call this device, which then stays signed in by the token of the welcome. */
      readonly device?: string;
      /** With it the rest is sent from there; without it the last messages. */
      readonly position?: Position;
    }
  | {
      readonly type: "send";
      /** Counts this device's sends: 1 or more, growing. The same counter with the same words is stored once. */
      readonly counter: number;
      /** A room by its name or stream, or `@` and the name of somebody who is online. */
      readonly to: string;
      readonly kind: SpeechKind;
      /** With LF between lines where it has several. */
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
  /** Who is in a room; without one, in the lobby. */
  | {
      readonly type: "list";
      readonly request: number;
      readonly room?: string;
      readonly beginning?: string;
    }
  /** To come into a room, or make it. Answered by `room-entered`. */
  | { readonly type: "join"; readonly request: number; readonly room: string; readonly key?: string }
  /** Answered by `room-left`. */
  | { readonly type: "part"; readonly request: number; readonly room: string; readonly text?: string }
  /** To set what a room is about. Answered by `happened`, as what follows up to `rename-room`. */
  | { readonly type: "topic"; readonly request: number; readonly room: string; readonly text: string }
  | {
      readonly type: "kick";
      readonly request: number;
      readonly room: string;
      readonly name: string;
      readonly text?: string;
    }
  /** `modes` in one line, as IRC has it: `+m-o+b Bob eve!*@*`. */
  | { readonly type: "modes"; readonly request: number; readonly room: string; readonly modes: string }
  | { readonly type: "rename-room"; readonly request: number; readonly room: string; readonly name: string }
  /** Answered by `done`. */
  | { readonly type: "invite"; readonly request: number; readonly room: string; readonly name: string }
  /** To be called otherwise. Answered by `own-name`. */
  | { readonly type: "rename"; readonly request: number; readonly name: string }
  /** To have an account under the name that one has. Answered by `signed-in`. */
  | {
      readonly type: "register";
      readonly request: number;
      readonly password: string;
      readonly email?: string;
      /** As in `hello`; the token is in `signed-in`. */
      readonly device?: string;
    }
  /** The devices on which one is signed in; with `revoke` one of them is signed out first. */
  | { readonly type: "devices"; readonly request: number; readonly revoke?: string }
  /** To be shown nothing that somebody says, or to be shown it again. Answered by `done`. */
  | { readonly type: "ignore" | "unignore"; readonly request: number; readonly name: string }
  /** Whom one ignores. */
  | { readonly type: "ignored"; readonly request: number }
  /** To have another password. Other devices are signed out. Answered by `password-changed`. */
  | { readonly type: "password"; readonly request: number; readonly old: string; readonly new: string }
  /** Without a text: to be back. Answered by `done`. */
  | { readonly type: "away"; readonly request: number; readonly text?: string }
  /** What rooms there are. */
  | { readonly type: "rooms"; readonly request: number }
  /** How a room is run. */
  | { readonly type: "room"; readonly request: number; readonly room: string }
  /** Who somebody is. */
  | { readonly type: "person"; readonly request: number; readonly name: string }
  /** Looks for messages of one's rooms and private conversations; `query` is as people type it. */
  | { readonly type: "search"; readonly request: number; readonly query: string }
  | { readonly type: "quit" };

/** As how many messages it counts against the server's flood limit. */
export function costOf(message: ClientMessage): number {
  if (message.type === "search") return searchCost;
  return message.type === "send" ? lineCount(message.text) : 1;
}

/** A room, and how it is run. */
export interface WireRoom {
  readonly stream: string;
  /** With its `#`. */
  readonly name: string;
  readonly topic?: { readonly text: string; readonly by: string; readonly at: Instant };
  readonly created: Instant;
  /** Letters of IRC, without a sign: `nt`. */
  readonly modes: string;
  /** Who has which roles: bits, from `voice` (1) to `owner` (16). */
  readonly staff: readonly { readonly name: string; readonly roles: number }[];
  /** How many are here. */
  readonly people: number;
}

/** A room that one is in. */
export interface WireEntry {
  readonly room: WireRoom;
  readonly created: boolean;
  readonly roles: number;
  readonly online: OnlineList;
  /** Its last messages, where the session does not resume. */
  readonly recent: readonly WireEvent[];
  /** What is live comes after this number. */
  readonly head: number;
}

/** A message that was found, and those that stand before and after it in its stream. */
export interface WireHit {
  readonly event: WireEvent;
  readonly before?: WireEvent;
  readonly after?: WireEvent;
}

/** Why something may not be, for programs and as a sentence for people. */
export interface WireRefusal {
  readonly reason: RefusalReason;
  readonly text: string;
}

/** Why the server ends a connection. */
export type ClosingReason =
  /** It was asked for. */
  | "quit"
  | "shutdown"
  | "kicked"
  | "banned"
  | "signed-out"
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
  "signed-out": true,
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
      /** The last messages of the lobby, where the session does not resume. */
      readonly recent: readonly WireEvent[];
      /** The other rooms that its person is in, where there are any. */
      readonly rooms?: readonly WireEntry[];
      /** Whether the operator's console shows the texts of private messages. */
      readonly operatorSeesPrivate: boolean;
      readonly limits: {
        readonly maxTextBytes: number;
        /** Of a text of several lines, which a server that does not say it takes none of. */
        readonly maxMultilineBytes?: number;
        readonly maxLines?: number;
        readonly maxPageEvents: number;
        readonly heartbeatMs: number;
        /** `null`: unlimited. */
        readonly flood: { readonly burst: number; readonly perSecond: number } | null;
      };
    }
  /** What this session missed has all been sent; what follows is live. Also after it had been too slow. */
  | {
      readonly type: "caught-up";
      /** Who is in the lobby. */
      readonly online: OnlineList;
      /** Who is in the other rooms, where there are any. */
      readonly rooms?: readonly { readonly stream: string; readonly online: OnlineList }[];
    }
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
      /** Why he is away, where he is. */
      readonly away?: string;
      /** He is not here, and is given it when he comes. */
      readonly kept?: boolean;
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
      /** Where several things were asked for at once, why the rest may not be. */
      readonly others?: readonly WireRefusal[];
    }
  /** `stream`: into or out of this room; of a `left` without it: they are not here any more. */
  | {
      readonly type: "joined" | "left";
      readonly at: Instant;
      readonly stream?: string;
      readonly people: readonly WirePerson[];
      readonly count: number;
      /** Parting words. */
      readonly text?: string;
    }
  /** Somebody is signed in now, or not any more, or is away, or back. */
  | {
      readonly type: "person-changed";
      readonly at: Instant;
      readonly person: WirePerson;
      readonly account?: string;
      readonly away?: string;
    }
  /** The answer to `register` and `sign-in`. */
  | {
      readonly type: "signed-in";
      readonly at: Instant;
      readonly request?: number;
      readonly account: string;
      /** To be given with the next hello, in place of the welcome's. */
      readonly token?: string;
    }
  | {
      readonly type: "devices";
      readonly request: number;
      readonly devices: readonly {
        readonly id: string;
        readonly name: string;
        readonly createdAt: Instant;
        readonly lastUsedAt: Instant;
        /** This one. */
        readonly isOwn: boolean;
      }[];
    }
  /** Somebody is called otherwise from now on. */
  | { readonly type: "renamed"; readonly at: Instant; readonly from: string; readonly person: WirePerson }
  | { readonly type: "own-name"; readonly at: Instant; readonly request?: number; readonly name: string }
  /** One is in a room from now on, by this session's `join` or another one's. */
  | {
      readonly type: "room-entered";
      readonly at: Instant;
      readonly request?: number;
      readonly entry: WireEntry;
    }
  | {
      readonly type: "room-left";
      readonly at: Instant;
      readonly request?: number;
      readonly stream: string;
      readonly name: string;
      readonly why: "parted" | "removed";
      readonly text: string;
    }
  /** Somebody asks one into a room. */
  | { readonly type: "invited"; readonly at: Instant; readonly by: WirePerson; readonly room: string }
  /** What was asked for has happened to a room; its asker gets this in place of the event. */
  | {
      readonly type: "happened";
      readonly request: number;
      readonly event: WireEvent;
      /** What of that which was asked for with it may not be. */
      readonly others?: readonly WireRefusal[];
    }
  /** To an `invite`, `ignore` or `unignore` the name as it is really written; to an `invite` why he is away, where he is. */
  | {
      readonly type: "done";
      readonly request: number;
      readonly name?: string;
      readonly away?: string;
      /** To an `ignore`: `false` where nobody of that name is here or has an account. */
      readonly isHere?: boolean;
    }
  | {
      readonly type: "rooms";
      readonly request: number;
      readonly count: number;
      readonly rooms: readonly {
        readonly stream: string;
        readonly name: string;
        readonly people: number;
        readonly topic: string;
      }[];
    }
  | {
      readonly type: "ignored";
      readonly request: number;
      /** `isGuest`: he is ignored by his name as well. */
      readonly people: readonly { readonly name: string; readonly isGuest: boolean }[];
    }
  /** One's password is another one; without `request` it was asked for elsewhere. */
  | {
      readonly type: "password-changed";
      readonly at: Instant;
      readonly request?: number;
      /** How many other devices were signed out. */
      readonly signedOut?: number;
    }
  | { readonly type: "room"; readonly request: number; readonly room: WireRoom }
  | {
      readonly type: "person";
      readonly request: number;
      readonly person: WirePerson;
      /** IRC's `user` and `host`, for bans; neither is an address. */
      readonly user: string;
      readonly host: string;
      readonly account?: string;
      readonly realName: string;
      readonly away?: string;
      readonly isBot: boolean;
      readonly since: Instant;
      readonly rooms: readonly { readonly name: string; readonly roles: number }[];
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
      readonly type: "online";
      readonly request: number;
      readonly stream: string;
      readonly online: OnlineList;
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
  /** Also the sign that the server is alive: two intervals without one mean that it is not. */
  | { readonly type: "heartbeat"; readonly at: Instant; readonly heads: Readonly<Record<string, number>> }
  /** The last message before the server closes. `text` is a sentence for people. */
  | { readonly type: "closing"; readonly reason: ClosingReason; readonly text: string; readonly at: Instant };

/** Who is online, in join order; above the server's cap only the first, and how many there are in all. */
export interface OnlineList {
  readonly count: number;
  readonly names: readonly string[];
}
