import type { Instant } from "../chat/event.ts";
import type { RefusalReason } from "../chat/refusal.ts";
import type {
  ClosingReason,
  OnlineList,
  ServerMessage,
  WireEntry,
  WireEvent,
  WirePerson,
} from "../protocols/websocket/messages.ts";
import type { Welcome } from "./order.ts";
import type { Ask, Join, Send } from "./outbox.ts";

export type ServerOf<Type extends ServerMessage["type"]> = Extract<ServerMessage, { readonly type: Type }>;

/** What the user of an engine is told, in order. */
export type EngineEvent =
  | { readonly kind: "connecting" }
  /** The name given is refused. `rename` tries another one, `signIn` gives its password. */
  | {
      readonly kind: "name-refused";
      readonly name: string;
      readonly reason: RefusalReason;
      readonly text: string;
      readonly wantsPassword: boolean;
    }
  | {
      readonly kind: "connected";
      readonly welcome: Welcome;
      /** `false`: the first time. */
      readonly again: boolean;
      /**
       * Whether the history is the one that was seen before. Where not, `welcome.recent` holds its last messages,
       * which are not told as events.
       */
      readonly continued: boolean;
      /**
       * Whether the server still knows this device. Where it does not, what waits is sent all the same, but the
       * server cannot tell whether it had got the `uncertain` one before: that one may be stored twice.
       */
      readonly samePerson: boolean;
      /** The send that was under way when the connection was lost. */
      readonly uncertain: Send | undefined;
    }
  /** `lost`: a connection that had been there; otherwise an attempt to get it back failed. */
  | { readonly kind: "reconnecting"; readonly inMs: number; readonly why: string; readonly lost: boolean }
  | { readonly kind: "event"; readonly event: WireEvent }
  /** A send of this engine is durable. */
  | { readonly kind: "ack"; readonly send: Send; readonly ack: ServerOf<"ack"> }
  /** Something asked for may not be. `ask` is no longer waiting; `undefined`: it is not known what. */
  | {
      readonly kind: "refused";
      readonly ask: Ask | undefined;
      readonly reason: RefusalReason;
      readonly text: string;
    }
  /** `stream`: into or out of this room; of a `left` without it: they are not here any more. */
  | {
      readonly kind: "joined" | "left";
      readonly at: Instant;
      readonly stream: string | undefined;
      /** Parting words. */
      readonly text: string | undefined;
      readonly people: readonly WirePerson[];
      readonly count: number;
    }
  /** Somebody else is called otherwise. */
  | { readonly kind: "renamed"; readonly at: Instant; readonly from: string; readonly person: WirePerson }
  /** One is called so from now on. */
  | { readonly kind: "own-name"; readonly at: Instant; readonly name: string }
  /**
   * One is in a room from now on. `ask`: where it was asked for here. `before`: the stream under which one was in it
   * before a reconnect, at which the server had forgotten that; another one where the room was made anew. `continued`:
   * what was missed follows as events; otherwise `entry.recent` holds the last messages, which are not told as events.
   */
  | {
      readonly kind: "room-entered";
      readonly at: Instant;
      readonly entry: WireEntry;
      readonly ask: Join | undefined;
      readonly before: string | undefined;
      readonly continued: boolean;
    }
  | {
      readonly kind: "room-left";
      readonly at: Instant;
      readonly stream: string;
      readonly name: string;
      readonly why: ServerOf<"room-left">["why"];
      readonly text: string;
    }
  /**
   * At a reconnect one is out of a room that one was in. `text`: why one cannot come in again; `undefined`: one left it
   * elsewhere meanwhile.
   */
  | {
      readonly kind: "room-lost";
      readonly stream: string;
      readonly name: string;
      readonly text: string | undefined;
    }
  /** The name that one has is one's own for good, under the token that the next hello is to have. */
  | {
      readonly kind: "signed-in";
      readonly at: Instant;
      readonly account: string;
      readonly token: string | undefined;
    }
  /** One's password is another one; it was asked for elsewhere. */
  | { readonly kind: "password-changed"; readonly at: Instant }
  | { readonly kind: "invited"; readonly at: Instant; readonly by: WirePerson; readonly room: string }
  /** What was asked for has happened to a room. */
  | { readonly kind: "happened"; readonly ask: Ask; readonly event: WireEvent }
  /** The answer to what was asked for. */
  | {
      readonly kind: "answer";
      readonly ask: Ask;
      readonly answer: ServerOf<
        "done" | "rooms" | "room" | "person" | "ignored" | "devices" | "password-changed"
      >;
    }
  /** The answer to `history`. */
  | {
      readonly kind: "page";
      readonly ask: Extract<Ask, { type: "history" }>;
      readonly page: ServerOf<"page">;
    }
  /** The answer to `search`. */
  | {
      readonly kind: "found";
      readonly ask: Extract<Ask, { type: "search" }>;
      readonly found: ServerOf<"found">;
    }
  /** The answer to `list`. */
  | { readonly kind: "online"; readonly ask: Extract<Ask, { type: "list" }>; readonly online: OnlineList }
  /** Who is in the lobby, and in the other rooms by their streams. */
  | {
      readonly kind: "caught-up";
      readonly online: OnlineList;
      readonly rooms: ReadonlyMap<string, OnlineList>;
    }
  /** Numbers of a stream, both ends included, that were missed and no longer exist. */
  | { readonly kind: "gap"; readonly stream: string; readonly from: number; readonly to: number }
  /** The server's last words. `reconnecting` or `closed` follows. */
  | { readonly kind: "closing"; readonly reason: ClosingReason; readonly text: string; readonly at: Instant }
  /**
   * The end; nothing follows. `unsent`: what was neither acknowledged nor refused, in order. `uncertain`: the first
   * of them, where it went out: it may be stored all the same.
   */
  | {
      readonly kind: "closed";
      readonly reason: EndReason;
      readonly text: string;
      readonly unsent: readonly Send[];
      readonly uncertain: Send | undefined;
    };

/** `left`: by `quit` or `stop`. `unreachable`: there never was a connection. */
export type EndReason = "left" | "unreachable" | "untrusted" | ClosingReason;
