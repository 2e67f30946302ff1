import type { RefusalReason } from "../chat/refusal.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { BackoffOptions } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import type { EngineEvent } from "./engine-event.ts";
import type { Send } from "./outbox.ts";
import type { OpenSocket } from "./socket.ts";

export interface EngineOptions {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  /** The token of an earlier welcome under this name, with which the server knows the person again. */
  readonly tokenOf?: (name: string) => string | undefined;
  /** What to call this device where one signs in on it, so that it stays signed in. */
  readonly device?: string;
  /** Which of several clients that share the token, as a browser's tabs do; each counts its sends. */
  readonly tab?: string;
  /** Whether one stays for a moment where the connection is lost, as for a page that is loaded again. */
  readonly lingers?: boolean;
  /** Whether the connection is protected by TLS. */
  readonly secure?: boolean;
  /** The counter of the first send, where not 1: above all that were sent with such a token. */
  readonly firstCounter?: number;
  /** Sends of an earlier run of the same client that had no answer yet, in order; they keep their counters. */
  readonly unsent?: readonly Send[];
  readonly onEvent: (event: EngineEvent) => void;
  /** How long the way to the server and back takes, in milliseconds; once for each connection and heartbeat. */
  readonly onLatency?: (ms: number) => void;
  readonly clock?: Clock;
  /** As `Math.random`. */
  readonly random?: () => number;
  readonly openSocket: OpenSocket;
  readonly backoff?: BackoffOptions;
  /** How many asks may wait for their answers. */
  readonly outboxLimit?: number;
}

export interface SendOptions {
  /** A name; otherwise it goes to a room. */
  readonly to?: string;
  /** The stream of a room, or its name; otherwise it goes to the lobby. */
  readonly room?: string;
  readonly action?: boolean;
  /** The id of the message that it answers. */
  readonly replyTo?: string;
}

export interface QuitOptions {
  /** Milliseconds to wait for what is not answered yet. */
  readonly patienceMs?: number;
  /** Whether each answer starts the patience anew. */
  readonly eachAnswer?: boolean;
}

export const defaultOutboxLimit = 1000;
export const defaultPatienceMs = 5000;
/** Without a byte for so many heartbeats a connection counts as dead. */
export const silentHeartbeats = 2.5;
/** A connection that lasted so long has ended the trouble before it. */
export const stableMs = 10_000;
/** Where the server does not say how long to wait. */
export const defaultRetryAfterMs = 1000;

/** Coming back after these would be no use, or not wanted. */
export const finalReasons: ReadonlySet<ClosingReason> = new Set<ClosingReason>([
  "kicked",
  "banned",
  "taken-over",
  "signed-out",
  "wrong-version",
  "too-many-connections",
  "malformed",
]);

/** After these the password of the name is wanted, once more or for the first time. */
export const passwordRefusals: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  "name-registered",
  "wrong-password",
  "too-many-guesses",
  "overloaded",
]);

/** At a reconnect the name may still be held by the connection that was lost. */
export const passingNameRefusals: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  "name-in-use",
  "name-look-alike",
]);

/** The same send with the same counter is tried again: it was not looked at, or its outcome is found out so. */
export const passingSendRefusals: ReadonlySet<RefusalReason> = new Set<RefusalReason>([
  "too-fast",
  "storage-unknown",
]);
