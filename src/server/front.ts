import type { Socket } from "node:net";
import type { WebSocket } from "ws";
import { isRoom, isSpeech, lobby, type ReaderEvent, type StreamId } from "../chat/event.ts";
import { asIgnored } from "../chat/ignore-lists.ts";
import { parseNewNameText } from "../chat/room-name.ts";
import type { SessionId } from "../chat/roster.ts";
import { detectDoor } from "../protocols/detection.ts";
import { namePrompt } from "../protocols/line/render.ts";
import { proxySignature, readProxyHeader } from "../protocols/proxy.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { ChallengeAnswer } from "./acme/challenge.ts";
import { plainHost, showAddress } from "./address.ts";
import { AddressList, isLoopback } from "./address-list.ts";
import type { Audience } from "./audience.ts";
import { clearRefusal, refusesClear } from "./clear-refusal.ts";
import type { Clock } from "./clock.ts";
import { Connection, type ConnectionEvents, connectionOfSocket, hold } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import type { Dialect } from "./dialect.ts";
import { Batch } from "./fan-out.ts";
import { FrontMetrics } from "./front-metrics.ts";
import { HttpDoor } from "./http-door.ts";
import { IrcDialects } from "./irc/dialect.ts";
import { IrcDoor } from "./irc/irc-door.ts";
import { IrcWebSocketDoor } from "./irc/irc-websocket-door.ts";
import { LineDialects } from "./line-dialect.ts";
import { LineDoor } from "./line-door.ts";
import type { Ask, PersonalTell, RoomEntry, RoomTell, Tag, Tell } from "./link.ts";
import type { EndReason } from "./metrics.ts";
import type { Sample } from "./metrics-text.ts";
import type { Inspected, Inspection } from "./monitor.ts";
import { Readers } from "./readers.ts";
import type { NewSettings, Settings } from "./settings.ts";
import { type Certificate, reasonOf } from "./tls/certificate.ts";
import { TlsLayer } from "./tls/tls-layer.ts";
import { WebSocketDoor, websocketDialect } from "./websocket-door.ts";

/** What a door may ask of the front. */
export interface DoorContext {
  readonly settings: Settings;
  readonly clock: Clock;
  /** Hands something to the hub, with everything else that this turn of the event loop brings. */
  ask(ask: Ask): void;
  /** Has what a connection is told worded for who looks at this room; `undefined`: at none. */
  lookAt(connection: Connection, room: StreamId | undefined): void;
  /** The IRC door's words for rooms, and what they are called. */
  readonly irc: IrcDialects;
  setDialect(connection: Connection, dialect: Dialect): void;
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
  /** `undefined`: TLS is off. */
  readonly certificate: Certificate | undefined;
  /** Takes what connections ask, once per turn of the event loop or sooner. */
  readonly ask: (asks: readonly Ask[]) => void;
  /** Answers a monitor, for the whole server. */
  readonly inspect: (what: Inspection) => Promise<Inspected>;
  /** The id of the first session, and by how much that of each next one is higher; 1 where not given. */
  readonly firstSession?: number;
  readonly sessionStep?: number;
}

type FrontDeadlines = Readonly<Record<"prompts" | "detections" | "logins" | "lingering", Deadlines>>;

const none: readonly Connection[] = [];
const nothing = Buffer.alloc(0);

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
  readonly #lineDialects: LineDialects;
  readonly irc: IrcDialects;
  readonly #websocketDialect: Dialect;
  /** Those who were told good-bye: how far they had come with taking it. */
  readonly #lastWords = new Map<SessionId, string>();
  readonly #http: HttpDoor;
  readonly #tls: TlsLayer | undefined;
  readonly #proxies: AddressList;
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
    this.#websocketDialect = websocketDialect(this.#manner);
    this.#readers = new Readers({
      clock,
      settings,
      ask: (ask) => this.ask(ask),
      stalled: () => this.#metrics.ended("too-slow"),
    });
    this.#lineDialects = new LineDialects(this.#manner, (stream) => this.#readers.room(stream)?.name);
    this.irc = new IrcDialects(this.#manner, (stream) => this.#readers.room(stream)?.name);
    this.#http = new HttpDoor({
      settings,
      upgraded: (...what) => this.#upgraded(...what),
      inspect: options.inspect,
    });
    this.#tls = options.certificate && new TlsLayer(options.certificate);
    this.#proxies = new AddressList(settings.proxyFrom);
    this.#deadlines = this.#newDeadlines();
  }

  /** Shows this certificate to who comes from now on. */
  certify(certificate: Certificate): void {
    this.#tls?.certify(certificate);
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
      dialect: this.#lineDialects.lobby,
      events: this,
      backlogBytes: this.settings.maxBacklogBytes,
    });
    this.#nextSession += this.#sessionStep;
    this.#connections.set(connection.id, connection);
    this.#metrics.opened();
    this.#deadlines.prompts.add(connection.id);
    this.#deadlines.logins.add(connection.id);
    connection.isLocal = isLoopback(connection.address.host);
    if (this.#proxies.has(connection.address.host)) connection.awaits = "proxy-header";
    else this.#announce(connection);
  }

  /** Tells the hub of a connection, when it is known where it comes from. */
  #announce({ id, address, isLocal }: Connection): void {
    this.ask({ kind: "opened", session: id, address, isLocal });
  }

  ask(ask: Ask): void {
    if (this.#asks.length === 0) setImmediate(this.#handOver);
    this.#asks.push(ask);
    // One turn may bring megabytes of short lines, and only their answers show who does not read.
    if (this.#asks.length >= maxGatheredAsks) this.#handOver();
  }

  lookAt(connection: Connection, room: StreamId | undefined): void {
    this.setDialect(connection, this.#lineDialects.for(room));
  }

  setDialect(connection: Connection, dialect: Dialect): void {
    this.#readers.setDialect(connection, dialect);
  }

  reject(connection: Connection, { reason, why, counts }: Rejection): void {
    if (connection.awaits === "proxy-header") this.#announce(connection);
    this.ask({ kind: "closed", session: connection.id, finished: false, why });
    this.#end(connection, reason, counts);
  }

  /** What it counted, and how things stand. */
  samples(): readonly Sample[] {
    return this.#metrics.samples(this.#connections.values(), this.#readers);
  }

  /** What became visible: one write to everybody whom it concerns. */
  deliver(tells: readonly Tell[]): void {
    let start = 0;
    let renamed: ReaderEvent | undefined;
    for (const [index, tell] of tells.entries()) {
      if (renamed !== undefined && !("session" in tell)) {
        this.#deliver(tells.slice(start, index));
        this.#rename(renamed);
        renamed = undefined;
        start = index;
      }
      if (tell.kind === "event" && tell.event.kind === "room-name") renamed = tell.event;
    }
    this.#deliver(start === 0 ? tells : tells.slice(start));
    if (renamed !== undefined) this.#rename(renamed);
  }

  /** What is said in a room from here on, is worded with its new name. */
  #rename({ stream, text }: ReaderEvent): void {
    const room = this.#readers.room(stream);
    if (room === undefined) return;
    const { name, why } = parseNewNameText(text);
    const was = room.name;
    room.name = name;
    for (const connection of this.#connections.values()) {
      if (connection.rooms.includes(room)) connection.door?.renamed?.(room, { was, why });
    }
  }

  #deliver(tells: readonly Tell[]): void {
    const batch = new Batch<Connection>();
    const afterwards: (() => void)[] = [];
    let deliveries = 0;
    for (const tell of tells) {
      switch (tell.kind) {
        case "hold":
        case "release":
          this.#holdAll(hold.journal, tell.kind === "hold");
          break;
        case "event": {
          const room = this.#readers.room(tell.event.stream);
          if (room === undefined) break;
          room.head = Math.max(room.head, tell.event.number);
          const speaker = tell.speaker === undefined ? undefined : this.#connections.get(tell.speaker);
          const isExcept = speaker !== undefined && !this.#isAnswer(tell, { speaker, room, batch });
          const hiddenFrom = tell.hiddenFrom === undefined ? none : this.#connectionsOf(tell.hiddenFrom);
          deliveries += room.liveCount - (isExcept && speaker.live ? 1 : 0) - liveAmong(hiddenFrom);
          batch.toRooms(tell, [room], {
            except: isExcept ? [speaker] : none,
            instead:
              hiddenFrom.length === 0
                ? undefined
                : { readers: hiddenFrom, tell: { ...tell, event: asIgnored(tell.event) } },
          });
          break;
        }
        case "joined":
        case "left":
          this.#toRooms(tell, tell.rooms, batch, tell.hiddenFrom);
          break;
        case "renamed":
        case "person":
        case "signal":
          this.#toRooms(tell, tell.rooms, batch);
          break;
        case "invitation":
          this.#toRooms(tell, [tell.room], batch);
          break;
        case "room-head":
          this.#toRooms({ ...tell, except: [] }, [tell.room], batch);
          break;
        case "heartbeat":
          batch.toRooms(tell, this.#everywhere(), { except: [] });
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
    batch.write();
    this.#metrics.wrote(tells.length, deliveries);
    for (const action of afterwards) action();
    this.#readers.setBack();
  }

  /** Answers these challenges, and no others. */
  challenge(answers: readonly ChallengeAnswer[]): void {
    this.#http.challenge(answers);
    this.#tls?.challenge(answers);
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
    if (connection.opening === undefined) {
      this.#deadlines.detections.add(connection.id);
      // Whole, as proxies send it. In pieces it is names that are refused, as it was made to be.
      if (connection.awaits === undefined && beginsWith(chunk, proxySignature)) {
        this.#rejectProxy(connection, "from an address that is not one of");
        return;
      }
    }
    connection.opening =
      connection.opening === undefined ? chunk : Buffer.concat([connection.opening, chunk]);
    if (connection.awaits === "proxy-header") this.#readProxyHeader(connection, connection.opening);
    else this.#detect(connection, { final: false });
  }

  ended(connection: Connection): void {
    if (connection.closing) return;
    if (connection.awaits === "tls-handshake") {
      this.broken(connection, new Error("it ended within the handshake"));
      return;
    }
    if (connection.door === undefined) {
      if (connection.opening === undefined) {
        connection.socket.end();
        return;
      }
      if (connection.awaits === "proxy-header") this.#rejectProxy(connection, "that is cut short");
      else this.#detect(connection, { final: true });
    }
    connection.door?.end();
  }

  secured(connection: Connection, certificate: string | undefined): void {
    // What comes in from here on is the beginning of a door again.
    connection.awaits = undefined;
    connection.opening = undefined;
    if (connection.isChallenge) {
      this.reject(connection, { reason: undefined, why: undefined, counts: "left" });
      return;
    }
    const fingerprint = certificate?.replaceAll(":", "").toLowerCase();
    this.ask({ kind: "secured", session: connection.id, certificate: fingerprint });
  }

  broken(connection: Connection, error: Error): void {
    if (connection.awaits !== "tls-handshake" || connection.closing) return;
    this.reject(connection, { reason: undefined, why: `no TLS: ${reasonOf(error)}`, counts: "tls" });
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
        if (connection.awaits !== undefined || connection.announcesHttp) return;
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

  /** Whether what the room is told is all the answer that the speaker gets: then nothing is put together for him. */
  #isAnswer(
    { event, tag }: Extract<RoomTell, { kind: "event" }>,
    where: { readonly speaker: Connection; readonly room: Audience; readonly batch: Batch<Connection> },
  ): boolean {
    const { speaker, room, batch } = where;
    if (speaker.door?.takesForAnswer === undefined || !isSpeech(event.kind)) return false;
    return batch.reaches(speaker, room) && speaker.door.takesForAnswer(tag);
  }

  #toRooms(
    tell: RoomTell & { readonly except: readonly SessionId[] },
    rooms: readonly StreamId[],
    batch: Batch<Connection>,
    hiddenFrom: readonly SessionId[] = [],
  ): void {
    const here = rooms.flatMap((stream) => this.#readers.room(stream) ?? []);
    if (here.length === 0) return;
    const readers = this.#connectionsOf(hiddenFrom);
    const instead = readers.length === 0 ? undefined : { readers, tell: { ...tell, text: undefined } };
    batch.toRooms(tell, here, { except: this.#connectionsOf(tell.except), instead });
  }

  #connectionsOf(sessions: readonly SessionId[]): readonly Connection[] {
    return sessions.flatMap((id) => this.#connections.get(id) ?? []);
  }

  /** Everybody who is live is in one of these. */
  #everywhere(): readonly Audience[] {
    const inLobby = this.#readers.room(lobby);
    return inLobby === undefined ? [this.#readers.outside] : [inLobby, this.#readers.outside];
  }

  #readProxyHeader(connection: Connection, opening: Buffer): void {
    const header = readProxyHeader(opening);
    switch (header.kind) {
      case "incomplete":
        return;
      case "malformed":
        this.#rejectProxy(connection, header.problem);
        return;
      case "whole": {
        connection.awaits = undefined;
        connection.opening = undefined;
        connection.address = header.source ?? connection.address;
        connection.isLocal &&= isLoopback(connection.address.host);
        connection.isProxiedTls = header.isSecure;
        this.#announce(connection);
        if (header.isSecure) this.ask({ kind: "secured", session: connection.id, certificate: undefined });
        const rest = opening.subarray(header.bytes);
        if (rest.length > 0) this.received(connection, rest);
      }
    }
  }

  #rejectProxy(connection: Connection, problem: string): void {
    this.reject(connection, {
      reason: undefined,
      why: `a PROXY header ${problem} (--proxy-from)`,
      counts: "proxy",
    });
  }

  #detect(connection: Connection, how: { readonly final: boolean }): void {
    const { opening } = connection;
    if (opening === undefined) return;
    const door = detectDoor(opening, how);
    // What is under TLS is not known yet, and may be HTTP.
    if (this.#heldForAll !== 0 && door !== undefined && door !== "http" && door !== "tls") {
      connection.hold(this.#heldForAll);
      return;
    }
    if ((door === "line" || door === "irc") && refusesClear(this.settings, connection)) {
      this.#refuseClear(connection, door);
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
        connection.opening = undefined;
        connection.door = new IrcDoor(connection, this);
        this.received(connection, opening);
        return;
      case "tls":
        this.#startTls(connection, opening);
        return;
    }
  }

  #startTls(connection: Connection, opening: Buffer): void {
    const tls = this.#tls;
    if (tls === undefined || connection.isTls) {
      const why = tls === undefined ? "TLS is switched off (--tls)" : "TLS within TLS";
      this.reject(connection, { reason: undefined, why, counts: "tls" });
      return;
    }
    // Something has come in, and its deadline runs on.
    connection.opening = nothing;
    connection.startTls(opening, (socket) => tls.over(socket));
  }

  #refuseClear(connection: Connection, door: "line" | "irc"): void {
    const { localAddress = "", localPort = 0 } = connection.socket;
    const where = showAddress({ host: plainHost(localAddress), port: localPort });
    connection.write(clearRefusal(door, { at: this.clock.now(), where }));
    this.reject(connection, {
      reason: undefined,
      why: "clear text, and --tls is required",
      counts: "clear-text",
    });
  }

  #upgraded(socket: object, websocket: WebSocket, speaks: "chat" | "irc"): void {
    const connection = connectionOfSocket(socket);
    if (speaks === "chat") {
      connection.dialect = this.#websocketDialect;
      connection.door = new WebSocketDoor(connection, { websocket, context: this });
    } else {
      connection.door = new IrcWebSocketDoor(connection, { websocket, context: this });
    }
    if (this.#heldForAll !== 0) connection.hold(this.#heldForAll);
  }

  /** Takes up what one session is told; returns what is to be done once the batch is written. */
  #personal(connection: Connection, tell: PersonalTell, batch: Batch<Connection>): (() => void) | undefined {
    switch (tell.kind) {
      case "entered": {
        const rooms = tell.rooms.map((entry) => this.#roomOf(entry));
        this.#say(connection, tell, batch);
        connection.person = tell.person.id;
        this.#readers.noteSeen(connection, tell.seen);
        if (tell.resumed) connection.seen = tell.seen;
        else batch.start(connection);
        for (const room of rooms) batch.enter(connection, room);
        return () => {
          this.#readers.enter(connection, rooms);
          if (tell.resumed) this.#readers.catchUp(connection, tell.seen);
          else this.#readers.setLive(connection, true);
          connection.door?.answered(undefined);
        };
      }
      case "room-entered": {
        const room = this.#roomOf(tell.entry);
        this.#say(connection, tell, batch);
        batch.enter(connection, room);
        // Who catches up goes on in this room from where he came in.
        connection.seen = connection.seen && new Map([...connection.seen, [room.stream, tell.entry.head]]);
        return () => {
          this.#readers.enter(connection, [room]);
          connection.door?.told(tell);
          if (tell.tag === "deed") connection.door?.looked(tell.tag);
        };
      }
      case "room-left": {
        const room = this.#readers.room(tell.room.stream);
        this.#say(connection, tell, batch);
        if (room !== undefined) batch.exit(connection, room);
        return () => {
          if (room !== undefined) this.#readers.exit(connection, room);
          connection.door?.told(tell);
          if (tell.tag === "deed") connection.door?.looked(tell.tag);
        };
      }
      case "refused":
        this.#say(connection, tell, batch);
        if (tell.tag === "sign-in") return () => connection.door?.told(tell);
        if (connection.person === undefined) return () => connection.door?.answered(tell.refusal);
        return isLook(tell.tag) ? () => connection.door?.looked(tell.tag) : undefined;
      case "private":
        // Who is not in yet has it counted as seen or missed; who catches up is given it in its place there.
        if (connection.person === undefined || connection.seen !== undefined) return undefined;
        this.#readers.notePrivate(connection, tell.event);
        this.#say(connection, tell, batch);
        return undefined;
      case "waited":
        for (const event of tell.events) this.#readers.notePrivate(connection, event);
        this.#say(connection, tell, batch);
        return undefined;
      case "ack":
        if (!isRoom(tell.event.stream) && connection.seen === undefined) {
          this.#readers.notePrivate(connection, tell.event);
        }
        this.#say(connection, tell, batch);
        // Of what one says few wait for the answer.
        return tell.tag === "deed" || (isIrc(tell.tag) && connection.isHeld(hold.look))
          ? () => connection.door?.looked(tell.tag)
          : undefined;
      case "missed": {
        connection.catchingUp = false;
        this.#say(connection, ownLeftOut(tell, connection), batch);
        this.#readers.noteSeen(connection, tell.seen);
        // Rooms that he came into meanwhile are no part of what was asked for.
        const seen = new Map([...(connection.seen ?? []), ...tell.seen]);
        const isAll = tell.online !== undefined && [...seen.keys()].every((stream) => tell.seen.has(stream));
        if (!isAll) return () => this.#readers.catchUpWhenDrained(connection, seen);
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
        return () => connection.door?.looked(tell.tag);
      case "signed-in":
      case "scram":
        // What he says from now on is his own as that.
        if (tell.kind === "signed-in") connection.person = tell.person ?? connection.person;
        this.#say(connection, tell, batch);
        return () => connection.door?.told(tell);
      case "done":
      case "own-name":
      case "password-changed":
        this.#say(connection, tell, batch);
        return tell.tag === "deed" || isIrc(tell.tag) ? () => connection.door?.looked(tell.tag) : undefined;
      case "answer":
        this.#say(connection, tell, batch);
        return isIrc(tell.tag) ? () => connection.door?.looked(tell.tag) : undefined;
      case "heads":
      case "signalled":
      case "read-up-to":
      case "invited":
      case "wallops":
      case "watched":
      case "metadata":
      case "metadata-later":
      case "note":
        this.#say(connection, tell, batch);
        return undefined;
    }
  }

  #roomOf({ room, head }: RoomEntry): Audience {
    return this.#readers.roomFor(room, head);
  }

  #say(connection: Connection, tell: PersonalTell, batch?: Batch<Connection>): void {
    const pieces = connection.door?.word?.(tell) ?? connection.dialect.personal(tell);
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
    for (const connection of this.#connections.values()) {
      if (!connection.live || connection.door?.protocol !== "websocket") continue;
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
    // What would be written has to wait for a handshake that does not come.
    else if (connection.awaits === "tls-handshake") connection.socket.destroy();
    else connection.socket.end();
    // Held connections are not read from, and would not see the other side's end.
    connection.socket.resume();
    this.#lastWords.set(connection.id, connection.progress);
    this.#deadlines.lingering.add(connection.id);
  }
}

/** Whether a refusal with this tag answers what a door waits for. */
function isLook(tag: Tag | undefined): boolean {
  if (tag === "history" || tag === "search" || tag === "deed" || isIrc(tag)) return true;
  return typeof tag === "object" && ("after" in tag || "request" in tag);
}

/** The IRC door knows itself what it waits for. */
function isIrc(tag: Tag | undefined): boolean {
  return typeof tag === "object" && "irc" in tag;
}

function beginsWith(bytes: Buffer, beginning: Buffer): boolean {
  return bytes.subarray(0, beginning.length).equals(beginning);
}

function liveAmong(connections: readonly Connection[]): number {
  return connections.reduce((count, { live }) => count + (live ? 1 : 0), 0);
}

/** On the line door nobody is shown his own messages, also not when he catches up. */
function ownLeftOut(tell: Extract<PersonalTell, { kind: "missed" }>, connection: Connection): PersonalTell {
  if (connection.dialect.showsOwn) return tell;
  return { ...tell, events: tell.events.filter((event) => event.from.id !== connection.person) };
}
