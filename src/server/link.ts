import type { Instant, MessageId, PersonId, StoredEvent, StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { OnlineList, SessionId } from "../chat/roster.ts";
import type { CommandName } from "../protocols/line/commands.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Page, SearchResult } from "../storage/store.ts";
import type { Address } from "./address.ts";

/**
 * What passes between the side that holds the sockets (the front) and the side that decides (the hub): batches
 * of plain data, both ways, so that the two can live on different threads. Nothing here is a function, a class
 * instance or a shared object that either side changes.
 */

type Door = "line" | "websocket";

/** Per stream the highest number that was seen, or that exists. */
export type Seen = ReadonlyMap<StreamId, number>;

/** What a client says it saw, in which epoch of the store. */
interface SeenAt {
  readonly epoch: string;
  readonly seen: Seen;
}

/** What a reply belongs to: a counter or request of the websocket door, or which command asked on the line door. */
export type Tag =
  | { readonly counter: number }
  | { readonly request: number }
  /** `/since`: the messages after this number, with theirs. */
  | { readonly after: number }
  | "list"
  | "history"
  | "search";

/** From the front: what connections did and ask for, in the order of each connection. */
export type Ask =
  | { readonly kind: "opened"; readonly session: SessionId; readonly address: Address }
  | {
      readonly kind: "enter";
      readonly session: SessionId;
      readonly door: Door;
      readonly name: string;
      readonly token: string | undefined;
      readonly position: SeenAt | undefined;
    }
  /** To a stream by its id, or `@` and a name. */
  | {
      readonly kind: "send";
      readonly session: SessionId;
      readonly to: string;
      readonly action: boolean;
      readonly text: string;
      readonly replyTo: MessageId | undefined;
      readonly threadRoot: MessageId | undefined;
      /** Of a device's send: makes a retry harmless, and comes back with the answer. */
      readonly counter: number | undefined;
    }
  | { readonly kind: "list"; readonly session: SessionId; readonly tag: Tag; readonly beginning: string }
  | {
      readonly kind: "history";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly stream: string;
      /** The events after this number; otherwise the last ones before `before`, or before the head. */
      readonly after: number | undefined;
      readonly before: number | undefined;
      readonly limit: number | undefined;
    }
  | { readonly kind: "search"; readonly session: SessionId; readonly tag: Tag; readonly query: string }
  /** A reader that fell behind, or resumes, can take more: what comes after these numbers. */
  | { readonly kind: "catch-up"; readonly session: SessionId; readonly seen: Seen }
  /** The door's own words to its person, to come in order with everything else that was asked. */
  | { readonly kind: "note"; readonly session: SessionId; readonly note: Note }
  /** The connection is closed, or (`finished`) its person said all there was to say and awaits the rest. */
  | {
      readonly kind: "closed";
      readonly session: SessionId;
      readonly finished: boolean;
      readonly why: string | undefined;
    };

/** What a door answers by itself. */
export type Note =
  | { readonly kind: "help"; readonly topic: CommandName | undefined }
  | { readonly kind: "usage"; readonly command: CommandName }
  | { readonly kind: "unknown-command"; readonly command: string }
  | { readonly kind: "unfinished-line" }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly tag: Tag | undefined };

/** From the hub: what becomes visible, to whom, in order. */
export type Tell = CommonTell | PersonalTell;

/** What concerns every front. */
export type CommonTell =
  | RoomTell
  /** Stop reading from all connections, or go on: the journal is behind. */
  | { readonly kind: "hold" }
  | { readonly kind: "release" };

/** To everybody in the lobby whose session is live. */
export type RoomTell =
  /** `speaker` is answered by an `ack` instead. */
  | { readonly kind: "event"; readonly event: StoredEvent; readonly speaker: SessionId | undefined }
  | {
      readonly kind: "joined" | "left";
      readonly at: Instant;
      /** At most 100 of them. */
      readonly people: readonly { readonly id: PersonId; readonly name: string }[];
      readonly count: number;
      /** Who is told otherwise: the one who joins. */
      readonly except: SessionId | undefined;
    }
  | { readonly kind: "heartbeat"; readonly at: Instant; readonly heads: Seen };

/** To one session. */
export type PersonalTell =
  | {
      readonly kind: "entered";
      readonly session: SessionId;
      readonly person: { readonly id: PersonId; readonly name: string };
      readonly token: string;
      readonly epoch: string;
      /** Taken up where its position says: it is not live before it has asked to catch up. */
      readonly resumed: boolean;
      readonly gone: readonly Gone[];
      /** What counts as seen by this session when it starts. */
      readonly seen: Seen;
      readonly heads: Seen;
      readonly online: OnlineList;
      readonly recent: readonly StoredEvent[];
      readonly at: Instant;
    }
  /** The heads of this person's private conversations, beside the room's heartbeat. */
  | {
      readonly kind: "private-heartbeat";
      readonly session: SessionId;
      readonly at: Instant;
      readonly heads: Seen;
    }
  | { readonly kind: "private"; readonly session: SessionId; readonly event: StoredEvent }
  | {
      readonly kind: "ack";
      readonly session: SessionId;
      readonly event: StoredEvent;
      readonly counter: number | undefined;
    }
  | {
      readonly kind: "refused";
      readonly session: SessionId;
      readonly at: Instant;
      readonly refusal: Refusal;
      readonly tag: Tag | undefined;
    }
  | { readonly kind: "online"; readonly session: SessionId; readonly tag: Tag; readonly online: OnlineList }
  | {
      readonly kind: "page";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag;
      readonly stream: StreamId;
      readonly page: Page;
    }
  /** What a search found. `reader`: whose it is. */
  | {
      readonly kind: "found";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag;
      readonly reader: PersonId;
      readonly query: string;
      readonly result: SearchResult;
    }
  /** A part of what a session missed. After the last part it is live. */
  | {
      readonly kind: "missed";
      readonly session: SessionId;
      readonly events: readonly StoredEvent[];
      readonly gone: readonly Gone[];
      readonly seen: Seen;
      /** With the last part: who is here now. */
      readonly online: OnlineList | undefined;
    }
  | { readonly kind: "note"; readonly session: SessionId; readonly at: Instant; readonly note: Note }
  | {
      readonly kind: "close";
      readonly session: SessionId;
      readonly at: Instant;
      /** `undefined`: the person left; there is nothing to say. */
      readonly reason: ClosingReason | undefined;
      /** The operator's words. */
      readonly text: string | undefined;
    };

/** Numbers of a stream, both ends included, that were missed and no longer exist. */
export interface Gone {
  readonly stream: StreamId;
  readonly from: number;
  readonly to: number;
}
