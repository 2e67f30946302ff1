import { lobby, type StoredEvent, type StreamId } from "../chat/event.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { Ask, Seen } from "./link.ts";
import type { Settings } from "./settings.ts";

const maxSweepMs = 5000;

/** What waits at a connection that does not take it. */
interface Slowness {
  /** How far it had come, and when that last changed. */
  progress: string;
  since: number;
}

/**
 * Who is told at once what the room is told, and who is fed from the store instead: because he resumes, or because
 * he did not take what he was sent. Remembers how far each has come.
 */
export class Readers {
  readonly #live: ReadonlyMap<Dialect, Connection[]>;
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #ask: (ask: Ask) => void;
  readonly #stalled: () => void;
  /** Those who have more to read than they should. */
  readonly #slow = new Map<Connection, Slowness>();
  /** Those who got more than they could take in the batch at hand. */
  #overfed: Connection[] = [];
  /** How often a reader got more than it could take. */
  #fellBehind = 0;
  /** The number of the last event of the room that was handed out live. */
  #lobbyHead = 0;

  constructor(means: {
    readonly dialects: readonly Dialect[];
    readonly clock: Clock;
    readonly settings: Settings;
    readonly ask: (ask: Ask) => void;
    /** Called for who is ended because he takes nothing. */
    readonly stalled: () => void;
  }) {
    this.#live = new Map(means.dialects.map((dialect) => [dialect, []]));
    this.#clock = means.clock;
    this.#settings = means.settings;
    this.#ask = means.ask;
    this.#stalled = means.stalled;
    this.#sweep();
  }

  get liveCount(): number {
    let count = 0;
    for (const readers of this.#live.values()) count += readers.length;
    return count;
  }

  get slowCount(): number {
    return this.#slow.size;
  }

  get fellBehind(): number {
    return this.#fellBehind;
  }

  /** Whether more waits for a connection than should. */
  isSlow(connection: Connection): boolean {
    return this.#slow.has(connection);
  }

  /** Who is told at once, by dialect. */
  get live(): ReadonlyMap<Dialect, readonly Connection[]> {
    return this.#live;
  }

  /** The room's events up to this number have been handed out. */
  noteLobby(number: number): void {
    this.#lobbyHead = Math.max(this.#lobbyHead, number);
  }

  /** What a connection has been given, or counts as given. */
  noteSeen(connection: Connection, seen: Seen): void {
    if (seen.size <= 1) return;
    connection.privateSeen = new Map([...seen].filter(([stream]) => stream !== lobby));
  }

  notePrivate(connection: Connection, event: StoredEvent): void {
    connection.privateSeen ??= new Map();
    const { privateSeen } = connection;
    // A retry is acknowledged with the number that its event has had for a while.
    privateSeen.set(event.stream, Math.max(privateSeen.get(event.stream) ?? 0, event.number));
  }

  setLive(connection: Connection, live: boolean): void {
    if (connection.live === live || (live && connection.closed)) return;
    const readers = this.#live.get(connection.dialect);
    if (readers === undefined) return;
    connection.live = live;
    if (live) {
      connection.seen = undefined;
      connection.liveIndex = readers.push(connection) - 1;
      return;
    }
    const last = readers.pop();
    if (last !== undefined && last !== connection) {
      readers[connection.liveIndex] = last;
      last.liveIndex = connection.liveIndex;
    }
    connection.liveIndex = -1;
  }

  /** Asks for the next part of what a connection missed. */
  catchUp(connection: Connection, seen: Seen): void {
    connection.seen = seen;
    connection.catchingUp = true;
    this.#ask({ kind: "catch-up", session: connection.id, seen });
  }

  catchUpWhenDrained(connection: Connection, seen: Seen): void {
    connection.seen = seen;
    if (connection.backlog === 0) this.catchUp(connection, seen);
    else connection.awaitDrain();
  }

  /** A connection was given more than it takes. */
  overfeed(connection: Connection): void {
    this.#overfed.push(connection);
  }

  /** Who was given more than it takes is not fed live any more, nor read from, until it has taken it. */
  setBack(): void {
    if (this.#overfed.length === 0) return;
    const now = this.#clock.monotonic();
    for (const connection of this.#overfed.splice(0)) {
      if (connection.closed) continue;
      if (!this.#slow.has(connection)) {
        this.#fellBehind += 1;
        this.#slow.set(connection, { progress: connection.progress, since: now });
        connection.awaitDrain();
      }
      // Also one that was slow already: it may have become live with what it was given just now.
      if (!connection.live) continue;
      this.setLive(connection, false);
      connection.seen = new Map<StreamId, number>([
        [lobby, this.#lobbyHead],
        ...(connection.privateSeen ?? []),
      ]);
    }
  }

  /** A connection has taken all that waited for it. */
  drained(connection: Connection): void {
    this.#slow.delete(connection);
    if (connection.seen !== undefined && !connection.catchingUp) this.catchUp(connection, connection.seen);
  }

  closed(connection: Connection): void {
    this.#slow.delete(connection);
    this.setLive(connection, false);
  }

  /** Ends those who have taken nothing of what waits for them for too long. */
  #sweep(): void {
    const { stallMs } = this.#settings;
    this.#clock.after(Math.min(maxSweepMs, stallMs / 4), () => {
      const now = this.#clock.monotonic();
      for (const [connection, slowness] of this.#slow) {
        const { progress } = connection;
        if (progress !== slowness.progress) {
          slowness.progress = progress;
          slowness.since = now;
        } else if (now - slowness.since >= stallMs) {
          const why = `read nothing for ${stallMs / 1000} s (--stall-timeout)`;
          this.#ask({ kind: "closed", session: connection.id, finished: false, why });
          connection.closing = true;
          this.#stalled();
          connection.socket.destroy();
        }
      }
      this.#sweep();
    });
  }
}
