import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { lobby } from "../chat/event.ts";
import type { SessionId } from "../chat/roster.ts";
import { detectDoor } from "../protocols/detection.ts";
import { namePrompt } from "../protocols/line/render.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import { plainHost } from "./address.ts";
import type { Clock } from "./clock.ts";
import { Connection, type ConnectionEvents, connectionOfSocket, hold } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dialect } from "./dialect.ts";
import { Batch } from "./fan-out.ts";
import { FrontMetrics } from "./front-metrics.ts";
import { HttpDoor } from "./http-door.ts";
import { lineDialect } from "./line-dialect.ts";
import { LineDoor } from "./line-door.ts";
import type { Ask, PersonalTell, RoomTell, Tag, Tell } from "./link.ts";
import type { EndReason } from "./metrics.ts";
import type { Sample } from "./metrics-text.ts";
import type { Inspected, Inspection } from "./monitor.ts";
import { Readers } from "./readers.ts";
import type { NewSettings, Settings } from "./settings.ts";
import { WebSocketDoor, websocketDialect } from "./websocket-door.ts";

/** What a door may ask of the front. */
export interface DoorContext {
  readonly settings: Settings;
  readonly clock: Clock;
  /** Hands something to the hub, with everything else that this turn of the event loop brings. */
  ask(ask: Ask): void;
  /** Ends a connection after what was written to it. */
  reject(connection: Connection, how: Rejection): void;
}

/** Why a door ends a connection: for the peer, where its protocol has a code for it, and for the console. */
export interface Rejection {
  readonly reason: ClosingReason | undefined;
  /** `undefined`: the console need not know. */
  readonly why: string | undefined;
  /** What it counts as where no protocol has a code for it. */
  readonly counts?: EndReason;
}

interface FrontOptions {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly consoleShowsPrivate: boolean;
  /** Takes what connections ask, once per turn of the event loop or sooner. */
  readonly ask: (asks: readonly Ask[]) => void;
  /** Answers a monitor, for the whole server. */
  readonly inspect: (what: Inspection) => Promise<Inspected>;
  /** The id of the first session, and by how much that of each next one is higher; 1 where not given. */
  readonly firstSession?: number;
  readonly sessionStep?: number;
}

type FrontDeadlines = Readonly<Record<"prompts" | "detections" | "logins" | "lingering", Deadlines>>;

/** What a turn of the event loop brings is handed over at its end, or as soon as it is so much. */
const maxGatheredAsks = 1024;
/** When the server stops, who has everything may take so long to close. */
const goodbyeMs = 500;
/** A websocket connection that answered none of so many pings is dead. */
const maxUnansweredPings = 2;

/**
 * The side of the sockets: it accepts connections, finds out their door, turns what they send into asks, and
 * writes what they are told. It decides nothing.
 */
export class Front implements ConnectionEvents, DoorContext {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly #askHub: (asks: readonly Ask[]) => void;
  readonly #connections = new Map<SessionId, Connection>();
  readonly #readers: Readers;
  readonly #metrics = new FrontMetrics();
  readonly #lineDialect: Dialect;
  readonly #websocketDialect: Dialect;
  /** Those who were told good-bye: how far they had come with taking it. */
  readonly #lastWords = new Map<SessionId, string>();
  readonly #http: HttpDoor;
  readonly #manner: { settings: Settings; consoleShowsPrivate: boolean };
  #deadlines: FrontDeadlines;
  #asks: Ask[] = [];
  readonly #handOver = (): void => {
    if (this.#asks.length > 0) this.#askHub(this.#asks.splice(0));
  };
  readonly #sessionStep: number;
  #nextSession: number;
  /** Why nobody is read from; bits of `hold`. */
  #heldForAll = 0;
  #quiet = false;
  #stopping = false;
  /** A ping was counted in this turn of the event loop. */
  #hasCountedPing = false;
  /** Called, while the server stops, whenever a connection has come further. */
  #progressed: (() => void) | undefined;

  constructor(options: FrontOptions) {
    const { clock, consoleShowsPrivate } = options;
    // One object for all parts of this front, which `change` keeps up to date.
    const settings = { ...options.settings };
    this.settings = settings;
    this.#manner = { settings, consoleShowsPrivate };
    this.clock = clock;
    this.#askHub = options.ask;
    this.#nextSession = options.firstSession ?? 1;
    this.#sessionStep = options.sessionStep ?? 1;
    this.#lineDialect = lineDialect(this.#manner);
    this.#websocketDialect = websocketDialect(this.#manner);
    this.#readers = new Readers({
      dialects: [this.#lineDialect, this.#websocketDialect],
      clock,
      settings,
      ask: (ask) => this.ask(ask),
      stalled: () => this.#metrics.ended("too-slow"),
    });
    this.#http = new HttpDoor({
      settings,
      upgraded: (socket, websocket) => this.#upgraded(socket, websocket),
      inspect: options.inspect,
    });
    this.#deadlines = this.#newDeadlines();
  }

  /** Takes a connection that was accepted. */
  accept(socket: Socket): void {
    if (this.#stopping || socket.remoteAddress === undefined) {
      socket.destroy();
      return;
    }
    const connection = new Connection(socket, {
      id: this.#nextSession,
      address: { host: plainHost(socket.remoteAddress), port: socket.remotePort ?? 0 },
      dialect: this.#lineDialect,
      events: this,
      backlogBytes: this.settings.maxBacklogBytes,
    });
    this.#nextSession += this.#sessionStep;
    this.#connections.set(connection.id, connection);
    this.#metrics.opened();
    this.#deadlines.prompts.add(connection.id);
    this.#deadlines.logins.add(connection.id);
    this.ask({ kind: "opened", session: connection.id, address: connection.address });
  }

  ask(ask: Ask): void {
    if (this.#asks.length === 0) setImmediate(this.#handOver);
    this.#asks.push(ask);
    // One turn may bring megabytes of short lines, and only their answers show who does not read.
    if (this.#asks.length >= maxGatheredAsks) this.#handOver();
  }

  reject(connection: Connection, { reason, why, counts }: Rejection): void {
    this.ask({ kind: "closed", session: connection.id, finished: false, why });
    this.#end(connection, reason, counts);
  }

  /** What it counted, and how things stand. */
  samples(): readonly Sample[] {
    return this.#metrics.samples(this.#connections.values(), this.#readers);
  }

  /** What became visible: one write to everybody whom it concerns. */
  deliver(tells: readonly Tell[]): void {
    const batch = new Batch<Connection>();
    const afterwards: (() => void)[] = [];
    const { liveCount } = this.#readers;
    let deliveries = 0;
    for (const tell of tells) {
      switch (tell.kind) {
        case "hold":
        case "release":
          this.#holdAll(hold.journal, tell.kind === "hold");
          break;
        case "event":
          this.#readers.noteLobby(tell.event.number);
          deliveries += liveCount - this.#roomExcept(tell, tell.speaker, batch);
          break;
        case "joined":
        case "left":
          this.#roomExcept(tell, tell.except, batch);
          break;
        case "heartbeat":
          batch.toRoom(tell, undefined);
          this.#endSilent();
          break;
        default: {
          const connection = this.#connections.get(tell.session);
          if (connection !== undefined && !connection.closing) {
            const action = this.#personal(connection, tell, batch);
            if (action !== undefined) afterwards.push(action);
          }
        }
      }
    }
    batch.write(this.#readers.live);
    this.#metrics.wrote(tells.length, deliveries);
    for (const action of afterwards) action();
    this.#readers.setBack();
  }

  /** Goes on with other settings; what was allowed a connection when it came in, it keeps. */
  change({ settings, consoleShowsPrivate }: NewSettings): void {
    Object.assign(this.settings, settings);
    this.#manner.consoleShowsPrivate = consoleShowsPrivate;
    // Those that run already come due when they would have.
    this.#deadlines = this.#newDeadlines();
  }

  /** Reads nothing more from anybody, so that what was accepted can be brought to its end. */
  quiesce(): void {
    this.#holdAll(hold.journal, true);
    this.#quiet = true;
    this.#handOver();
  }

  /** Whether nobody is read from because the hub has not taken what was asked already. */
  hold(held: boolean): void {
    const isHeld = (this.#heldForAll & hold.hub) !== 0;
    if (held !== isHeld) this.#holdAll(hold.hub, held);
  }

  /** Says good-bye to everybody; resolves when they have taken it, or have had the time for it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const at = this.clock.now();
    const unfinished = new Set<Connection>();
    for (const connection of this.#connections.values()) {
      if (!connection.socket.writableFinished) unfinished.add(connection);
      for (const event of ["finish", "close"] as const) {
        connection.socket.once(event, () => {
          unfinished.delete(connection);
          this.#progressed?.();
        });
      }
      if (connection.closing) continue;
      this.#say(connection, {
        kind: "close",
        session: connection.id,
        at,
        reason: "shutdown",
        text: undefined,
      });
      this.#end(connection, "shutdown");
    }
    // First everything has to be taken by the system, then the others get a moment to close their side.
    await this.#within(this.settings.drainMs, () => unfinished.size === 0);
    await this.#within(Math.min(goodbyeMs, this.settings.drainMs), () => this.#connections.size === 0);
    for (const connection of this.#connections.values()) connection.socket.destroy();
    this.#http.close();
  }

  received(connection: Connection, chunk: Buffer): void {
    connection.unansweredPings = 0;
    if (connection.closing) return;
    if (connection.door !== undefined) {
      connection.door.receive(chunk);
      return;
    }
    if (connection.opening === undefined) this.#deadlines.detections.add(connection.id);
    connection.opening =
      connection.opening === undefined ? chunk : Buffer.concat([connection.opening, chunk]);
    this.#detect(connection, { final: false });
  }

  ended(connection: Connection): void {
    if (connection.closing) return;
    if (connection.door === undefined) {
      if (connection.opening === undefined) {
        connection.socket.end();
        return;
      }
      this.#detect(connection, { final: true });
    }
    connection.door?.end();
  }

  drained(connection: Connection): void {
    connection.release(hold.backlog);
    connection.door?.drained();
    this.#readers.drained(connection);
  }

  backlogged(connection: Connection): void {
    connection.hold(hold.backlog);
    this.#readers.overfeed(connection);
  }

  closed(connection: Connection): void {
    this.#connections.delete(connection.id);
    this.#lastWords.delete(connection.id);
    if (!connection.closing) this.#metrics.ended("left");
    this.#metrics.closed(connection);
    this.#readers.closed(connection);
    this.ask({ kind: "closed", session: connection.id, finished: false, why: undefined });
    this.#progressed?.();
  }

  /** Resolves when the condition holds, or after `ms` milliseconds. */
  async #within(ms: number, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve) => {
      this.#progressed = () => {
        if (condition()) resolve();
      };
      this.clock.after(ms, resolve);
    });
  }

  #newDeadlines(): FrontDeadlines {
    const { promptMs, detectionMs, loginMs, drainMs } = this.settings;
    const deadline = (ms: number, due: (connection: Connection) => void): Deadlines =>
      new Deadlines(this.clock, ms, (id) => {
        const connection = this.#connections.get(id);
        if (connection !== undefined) due(connection);
      });
    return {
      prompts: deadline(promptMs, (connection) => {
        if (connection.door !== undefined || connection.opening !== undefined || connection.closing) return;
        connection.write(Buffer.from(namePrompt));
      }),
      detections: deadline(detectionMs, (connection) => {
        if (connection.door !== undefined || connection.opening === undefined) return;
        // While nobody is taken up, the first bytes may well have said it.
        if (this.#heldForAll !== 0) this.#deadlines.detections.add(connection.id);
        else this.#timeOut(connection);
      }),
      logins: deadline(loginMs, (connection) => {
        if (connection.person === undefined) this.#timeOut(connection);
      }),
      lingering: deadline(drainMs, (connection) => this.#linger(connection)),
    };
  }

  /** Tells everybody but one session; returns how many live readers that leaves out. */
  #roomExcept(tell: RoomTell, except: SessionId | undefined, batch: Batch<Connection>): number {
    const connection = except === undefined ? undefined : this.#connections.get(except);
    batch.toRoom(tell, connection);
    return connection?.live === true ? 1 : 0;
  }

  #detect(connection: Connection, how: { readonly final: boolean }): void {
    const { opening } = connection;
    if (opening === undefined) return;
    const door = detectDoor(opening, how);
    if (this.#heldForAll !== 0 && door !== undefined && door !== "http") {
      connection.hold(this.#heldForAll);
      return;
    }
    switch (door) {
      case undefined:
        return;
      case "line":
        connection.opening = undefined;
        connection.door = new LineDoor(connection, this);
        this.received(connection, opening);
        return;
      case "http":
        connection.opening = undefined;
        connection.handOver(opening);
        this.#http.take(connection);
        return;
      case "irc":
        connection.write(
          Buffer.from("ERROR :IRC is not spoken here yet; netcat, telnet and roomful join are\r\n"),
        );
        this.reject(connection, {
          reason: undefined,
          why: "IRC is not served by this version",
          counts: "irc",
        });
        return;
      case "tls":
        this.reject(connection, {
          reason: undefined,
          why: "TLS is not served by this version",
          counts: "tls",
        });
        return;
    }
  }

  #upgraded(socket: object, websocket: WebSocket): void {
    const connection = connectionOfSocket(socket);
    connection.dialect = this.#websocketDialect;
    connection.door = new WebSocketDoor(connection, { websocket, context: this });
    if (this.#heldForAll !== 0) connection.hold(this.#heldForAll);
  }

  /** Takes up what one session is told; returns what is to be done once the batch is written. */
  #personal(connection: Connection, tell: PersonalTell, batch: Batch<Connection>): (() => void) | undefined {
    switch (tell.kind) {
      case "entered":
        this.#readers.noteLobby(tell.heads.get(lobby) ?? 0);
        this.#say(connection, tell, batch);
        connection.person = tell.person.id;
        this.#readers.noteSeen(connection, tell.seen);
        if (tell.resumed) connection.seen = tell.seen;
        else batch.start(connection);
        return () => {
          if (tell.resumed) this.#readers.catchUp(connection, tell.seen);
          else this.#readers.setLive(connection, true);
          connection.door?.answered(true);
        };
      case "refused":
        this.#say(connection, tell, batch);
        if (connection.person === undefined) return () => connection.door?.answered(false);
        return isLook(tell.tag) ? () => connection.door?.looked() : undefined;
      case "private":
        // Who is not in yet has it counted as seen or missed; who catches up is given it in its place there.
        if (connection.person === undefined || connection.seen !== undefined) return undefined;
        this.#readers.notePrivate(connection, tell.event);
        this.#say(connection, tell, batch);
        return undefined;
      case "ack":
        if (tell.event.to !== undefined && connection.seen === undefined) {
          this.#readers.notePrivate(connection, tell.event);
        }
        this.#say(connection, tell, batch);
        return undefined;
      case "missed": {
        connection.catchingUp = false;
        this.#say(connection, ownLeftOut(tell, connection), batch);
        this.#readers.noteSeen(connection, tell.seen);
        if (tell.online === undefined) return () => this.#readers.catchUpWhenDrained(connection, tell.seen);
        // What is told after this part, even in the same batch, is not in it and must get through.
        connection.seen = undefined;
        batch.start(connection);
        return () => this.#readers.setLive(connection, true);
      }
      case "close":
        batch.stop(connection);
        this.#say(connection, tell, batch);
        return () => this.#end(connection, tell.reason);
      case "page":
      case "found":
        this.#say(connection, tell, batch);
        return () => connection.door?.looked();
      case "online":
      case "note":
      case "private-heartbeat":
        this.#say(connection, tell, batch);
        return undefined;
    }
  }

  #say(connection: Connection, tell: PersonalTell, batch?: Batch<Connection>): void {
    const pieces = connection.dialect.personal(tell);
    if (batch !== undefined) batch.toOne(connection, pieces);
    else connection.write(connection.dialect.pack(pieces).bytes);
  }

  /**
   * Reads from nobody, or goes on. Whoever asks for a page asks nothing of the hub, and a monitor must be answered
   * above all while there is trouble; so HTTP is read on, and newcomers until they have said what they are.
   */
  #holdAll(why: number, held: boolean): void {
    if (this.#quiet) return;
    this.#heldForAll = held ? this.#heldForAll | why : this.#heldForAll & ~why;
    for (const connection of this.#connections.values()) {
      if (!held) this.#goOn(connection, why);
      else if (connection.door !== undefined && connection.door.protocol !== "http") connection.hold(why);
    }
  }

  #goOn(connection: Connection, why: number): void {
    connection.release(why);
    if (connection.door !== undefined || connection.opening === undefined || connection.closing) return;
    const { readableEnded } = connection.socket;
    if (readableEnded) this.ended(connection);
    else this.#detect(connection, { final: false });
  }

  /**
   * Counts pings and not time, which also passes while the server itself stands still. Those that pile up meanwhile,
   * behind a slow commit or before a thread that gets no time, go out together and are one: nobody could answer yet.
   */
  #endSilent(): void {
    if (this.#hasCountedPing) return;
    this.#hasCountedPing = true;
    setImmediate(() => {
      this.#hasCountedPing = false;
    });
    const readers = this.#readers.live.get(this.#websocketDialect) ?? [];
    // From the end, since the last one takes the place of one that is taken out.
    for (let index = readers.length - 1; index >= 0; index -= 1) {
      const connection = readers[index]!;
      if (connection.unansweredPings >= maxUnansweredPings) {
        this.#leaveFor(connection, { reason: "silent", why: "answered no ping" });
      } else {
        connection.unansweredPings += 1;
      }
    }
  }

  /** Who still takes what waits for it is given as long again. */
  #linger(connection: Connection): void {
    const { progress } = connection;
    if (this.#lastWords.get(connection.id) === progress) {
      connection.socket.destroy();
      return;
    }
    this.#lastWords.set(connection.id, progress);
    this.#deadlines.lingering.add(connection.id);
  }

  #timeOut(connection: Connection): void {
    if (connection.closing || connection.closed) return;
    // Browsers open connections ahead and never use them; the console has nothing to say of those.
    const cameIn =
      connection.door === undefined ? connection.opening !== undefined : connection.door.protocol !== "http";
    this.#leaveFor(connection, {
      reason: "login-timeout",
      why: cameIn ? "no name was given in time" : undefined,
    });
  }

  /** Ends a connection from this side; its person has left as soon as the hub hears of it. */
  #leaveFor(connection: Connection, how: Rejection & { readonly reason: ClosingReason }): void {
    const { reason } = how;
    this.#say(connection, {
      kind: "close",
      session: connection.id,
      at: this.clock.now(),
      reason,
      text: undefined,
    });
    this.reject(connection, how);
  }

  #end(connection: Connection, reason: ClosingReason | undefined, counts?: EndReason): void {
    if (!connection.closing) this.#metrics.ended(counts ?? reason ?? "quit");
    connection.closing = true;
    connection.seen = undefined;
    this.#readers.setLive(connection, false);
    if (connection.door !== undefined) connection.door.close(reason);
    else connection.socket.end();
    // Held connections are not read from, and would not see the other side's end.
    connection.socket.resume();
    this.#lastWords.set(connection.id, connection.progress);
    this.#deadlines.lingering.add(connection.id);
  }
}

/** Whether a refusal with this tag answers a look back into the history. */
function isLook(tag: Tag | undefined): boolean {
  return (
    tag === "history" || tag === "search" || (typeof tag === "object" && ("after" in tag || "request" in tag))
  );
}

/** On the line door nobody is shown his own messages, also not when he catches up. */
function ownLeftOut(tell: Extract<PersonalTell, { kind: "missed" }>, connection: Connection): PersonalTell {
  if (connection.dialect.showsOwn) return tell;
  return { ...tell, events: tell.events.filter((event) => event.from.id !== connection.person) };
}
