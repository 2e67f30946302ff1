import { isRoom, lobby, type ReaderEvent, type StreamId } from "../chat/event.ts";
import { Audience } from "./audience.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import type { Ask, RoomTag, Seen } from "./link.ts";
import type { Settings } from "./settings.ts";

const maxSweepMs = 5000;
const outsideStream = "" as StreamId;

/** What waits at a connection that does not take it. */
interface Slowness {
  /** How far it had come, and when that last changed. */
  progress: string;
  since: number;
}

/**
 * Who is told at once what his rooms are told, and who is fed from the store instead: because he resumes, or because
 * he did not take what he was sent. Remembers how far each has come.
 */
export class Readers {
  readonly #rooms = new Map<StreamId, Audience>();
  /** As if it were a room: who is not in the lobby. */
  readonly outside: Audience = new Audience(outsideStream, "");
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
  #liveCount = 0;

  constructor(means: {
    readonly clock: Clock;
    readonly settings: Settings;
    readonly ask: (ask: Ask) => void;
    /** Called for who is ended because he takes nothing. */
    readonly stalled: () => void;
  }) {
    this.#clock = means.clock;
    this.#settings = means.settings;
    this.#ask = means.ask;
    this.#stalled = means.stalled;
    this.#sweep();
  }

  get liveCount(): number {
    return this.#liveCount;
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

  /** The room as this front knows it; `undefined` where none of its connections has been in it. */
  room(stream: StreamId): Audience | undefined {
    return this.#rooms.get(stream);
  }

  /** As `room`, for one that somebody is about to be in. `head`: its events up to there have been handed out. */
  roomFor({ stream, name }: RoomTag, head: number): Audience {
    let room = this.#rooms.get(stream);
    if (room === undefined) {
      room = new Audience(stream, name);
      this.#rooms.set(stream, room);
    }
    room.name = name;
    room.head = Math.max(room.head, head);
    return room;
  }

  /** A connection is in these rooms from now on. */
  enter(connection: Connection, rooms: readonly Audience[]): void {
    const { live } = connection;
    this.#setLive(connection, false);
    for (const room of rooms) this.#add(connection, room);
    if (connection.rooms.every(({ stream }) => stream !== lobby)) this.#add(connection, this.outside);
    else this.#take(connection, this.outside);
    this.#setLive(connection, live);
  }

  exit(connection: Connection, room: Audience): void {
    const { live } = connection;
    this.#setLive(connection, false);
    this.#take(connection, room);
    if (room.stream === lobby) this.#add(connection, this.outside);
    this.#setLive(connection, live);
    if (connection.seen?.has(room.stream) === true) {
      connection.seen = new Map([...connection.seen].filter(([stream]) => stream !== room.stream));
    }
  }

  /** A connection is worded for otherwise from now on. */
  setDialect(connection: Connection, dialect: Dialect): void {
    const { live } = connection;
    this.#setLive(connection, false);
    connection.dialect = dialect;
    this.#setLive(connection, live);
  }

  /** What a connection has been given of private conversations, or counts as given. */
  noteSeen(connection: Connection, seen: Seen): void {
    let conversations: Map<StreamId, number> | undefined;
    for (const [stream, number] of seen) {
      if (!isRoom(stream)) (conversations ??= new Map()).set(stream, number);
    }
    if (conversations !== undefined) connection.privateSeen = conversations;
  }

  notePrivate(connection: Connection, event: ReaderEvent): void {
    connection.privateSeen ??= new Map();
    const { privateSeen } = connection;
    // A retry is acknowledged with the number that its event has had for a while.
    privateSeen.set(event.stream, Math.max(privateSeen.get(event.stream) ?? 0, event.number));
  }

  setLive(connection: Connection, live: boolean): void {
    if (connection.live === live || (live && connection.closed)) return;
    this.#setLive(connection, live);
    if (live) connection.seen = undefined;
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
        ...connection.rooms
          .filter((room) => room !== this.outside)
          .map((room): [StreamId, number] => [room.stream, room.head]),
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
    for (const room of connection.rooms) this.#take(connection, room);
  }

  #setLive(connection: Connection, live: boolean): void {
    if (connection.live === live) return;
    connection.live = live;
    this.#liveCount += live ? 1 : -1;
    for (const room of connection.rooms) {
      if (live) room.add(connection);
      else room.remove(connection);
    }
  }

  /** Of a connection that is not live. */
  #add(connection: Connection, room: Audience): void {
    if (connection.rooms.includes(room)) return;
    connection.rooms = connection.rooms.length === 0 ? room.only : [...connection.rooms, room];
    room.listenerCount += 1;
    if (room !== this.outside) this.#rooms.set(room.stream, room);
  }

  #take(connection: Connection, room: Audience): void {
    if (!connection.rooms.includes(room)) return;
    const others = connection.rooms.filter((other) => other !== room);
    connection.rooms = others.length === 1 ? others[0]!.only : others;
    room.listenerCount -= 1;
    if (room.listenerCount === 0) this.#rooms.delete(room.stream);
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
