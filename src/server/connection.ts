import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { PersonId, StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { SessionId } from "../chat/roster.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import { challengeProtocol } from "./acme/challenge.ts";
import type { Address } from "./address.ts";
import type { Audience } from "./audience.ts";
import type { Dialect } from "./dialect.ts";
import { type DirectWriter, writeDirectly } from "./direct-write.ts";
import type { Exception, Mix, Reader } from "./fan-out.ts";
import type { PersonalTell, Seen, Tag } from "./link.ts";

/** Why a connection is not read from at the moment. Bits: several may hold at once. */
export const hold = {
  /** Its name is being decided on; what follows is read in the light of the answer. */
  entry: 1,
  /** The journal is behind. */
  journal: 2,
  /** It does not read what it was sent. */
  backlog: 4,
  /** It sends faster than it may, and was told so often enough. */
  flood: 8,
  /** It looks back or does something, and is read from again when it has its answer. */
  look: 16,
  /** The hub has not taken what was asked already. */
  hub: 32,
} as const;

/** What doors are told of beside their words. `refused`: what is tagged `sign-in`. */
export type DoorTell = Extract<
  PersonalTell,
  { kind: "room-entered" | "room-left" | "signed-in" | "scram" | "refused" }
>;

/** What a door makes of its connection. One per connection, made when the door is known. */
export interface DoorSession {
  readonly protocol: "line" | "websocket" | "irc" | "http";
  /** More bytes, in whatever pieces. */
  receive(chunk: Buffer): void;
  /** The other side will send nothing more, but still reads. */
  end(): void;
  /** The answer to the entry it asked for has been written: why it may not come in, or `undefined`. */
  answered(refusal: Refusal | undefined): void;
  /** The page of history or the deed that it asked for under this tag, or why there is none, has been written. */
  looked(tag: Tag | undefined): void;
  /** What one is told, where that depends on more than the dialect. */
  word?(tell: PersonalTell): readonly string[];
  /**
   * Whether the answer to what was said with this tag would be the very bytes that the room is told, and these are
   * taken for it. Asked at most once, and before the answer.
   */
  takesForAnswer?(tag: Tag | undefined): boolean;
  /** What the connection was told about its rooms and its account has been written. */
  told(tell: DoorTell): void;
  /** One of its rooms is called otherwise from now on; `was`: how it was called. */
  renamed?(room: Audience, how: { readonly was: string; readonly why: string }): void;
  /** What was written has been taken, so that it may go on. */
  drained(): void;
  /** Ends the connection after what was written, with a closing handshake where the door has one. */
  close(reason: ClosingReason | undefined): void;
}

/** What has to come before the first bytes of a door. */
type Preliminary = "proxy-header" | "tls-handshake";

/** What happens to connections. One object serves all of them. */
export interface ConnectionEvents {
  received(connection: Connection, chunk: Buffer): void;
  /** The other side will send nothing more. */
  ended(connection: Connection): void;
  /** All that was written has been taken by the system. */
  drained(connection: Connection): void;
  closed(connection: Connection): void;
  /** The TLS handshake is done. `certificate`: what the client showed, by its SHA-256 fingerprint. */
  secured(connection: Connection, certificate: string | undefined): void;
  /** It broke, and is closed next. */
  broken(connection: Connection, error: Error): void;
  /** More waits to be sent than the bound. */
  backlogged(connection: Connection): void;
}

const nothing = Buffer.alloc(0);
const none: readonly Audience[] = [];

const connectionOf = Symbol("connection");
type OwnedSocket = Socket & { [connectionOf]: Connection };

/** The connection that a socket belongs to. */
export function connectionOfSocket(socket: object): Connection {
  return (socket as OwnedSocket)[connectionOf];
}

/** A connection with what the front knows of it. All handlers are shared: there is no closure per connection. */
export class Connection implements Reader, DirectWriter {
  readonly id: SessionId;
  readonly #transport: Socket;
  #tls: TLSSocket | undefined;
  /** Where it comes from; behind a proxy, what that says. */
  address: Address;
  /** Whether nobody but this machine can have a hand in it: nothing of it crosses a network. */
  isLocal = false;
  /** Whether a proxy says that it came to it under TLS. */
  isProxiedTls = false;
  awaits: Preliminary | undefined;
  readonly #events: ConnectionEvents;
  readonly #backlogBytes: number;
  dialect: Dialect;
  /** `undefined` until the first bytes said which. */
  door: DoorSession | undefined;
  /** What came in before the door was known. */
  opening: Buffer | undefined;
  /** Who it is, once the name was accepted. */
  person: PersonId | undefined;
  /** Whether it is told at once what the room is told. */
  live = false;
  /** What it is in, and where it stands among the live ones there. `Readers` alone changes them. */
  rooms: readonly Audience[] = none;
  place = -1;
  places: number[] | undefined;
  exceptions: Exception[] | undefined;
  mix: Mix | undefined;
  /** While it is not live: what it has seen, to be fed on from there. */
  seen: Seen | undefined;
  /** Whether it has asked for the next part of what it missed, and is not answered yet. */
  catchingUp = false;
  /** What it has seen of private conversations; most have none. */
  privateSeen: Map<StreamId, number> | undefined;
  /** It has been told good-bye. */
  closing = false;
  closed = false;
  /** How many pings it was sent since something last came in. */
  unansweredPings = 0;
  /** Bytes of a direct write that the system has not taken yet. */
  #underway = 0;
  /** `awaitDrain` was called while a direct write was under way. */
  #awaitsWritten = false;
  #held = 0;

  constructor(
    socket: Socket,
    options: {
      readonly id: SessionId;
      readonly address: Address;
      readonly dialect: Dialect;
      readonly events: ConnectionEvents;
      readonly backlogBytes: number;
    },
  ) {
    this.id = options.id;
    this.#transport = socket;
    this.address = options.address;
    this.dialect = options.dialect;
    this.#events = options.events;
    this.#backlogBytes = options.backlogBytes;
    socket.on("error", onError);
    this.#attach(socket);
  }

  /** What is read and written: TCP, or the TLS over it. */
  get socket(): Socket {
    return this.#tls ?? this.#transport;
  }

  #attach(socket: Socket): void {
    (socket as OwnedSocket)[connectionOf] = this;
    socket.on("data", onData).on("end", onEnd).on("drain", onDrain).on("close", onClose);
  }

  /** Goes on under TLS: `over` makes it of the socket, which was given back what was read before. */
  startTls(read: Buffer, over: (socket: Socket) => TLSSocket): void {
    this.awaits = "tls-handshake";
    this.handOver(read);
    this.#transport.off("drain", onDrain).off("close", onClose);
    const tls = over(this.#transport);
    this.#tls = tls;
    tls.on("error", onTlsError).once("secure", onSecure);
    this.#attach(tls);
  }

  /** Whether it is under TLS, and that stands. */
  get isTls(): boolean {
    return this.#tls !== undefined && this.awaits === undefined;
  }

  /** Whether what crosses the network is nobody else's to read. */
  get isProtected(): boolean {
    return this.isLocal || this.isProxiedTls || this.isTls;
  }

  /** Whether HTTP was agreed on when TLS began. */
  get announcesHttp(): boolean {
    return this.#tls?.alpnProtocol === "http/1.1";
  }

  /** Whether an authority looked for the answer to a challenge, which it has when TLS has begun. */
  get isChallenge(): boolean {
    return this.#tls?.alpnProtocol === challengeProtocol;
  }

  get events(): ConnectionEvents {
    return this.#events;
  }

  /** Leaves the reading of the socket to somebody else, who is given back what was read before. */
  handOver(read: Buffer): void {
    this.socket.pause();
    this.socket.off("data", onData).off("end", onEnd);
    this.socket.unshift(read);
  }

  write(bytes: Buffer): void {
    const { socket } = this;
    if (!socket.writable) return;
    // The handle of TLS has one write under way at most, and Node's stream alone sees to that (decision 33).
    if (this.#tls !== undefined || this.backlog > 0) socket.write(bytes);
    else this.#writeDirectly(bytes);
    if (this.backlog > this.#backlogBytes && this.#waitsForReader) this.#events.backlogged(this);
  }

  /**
   * TLS says only in the next turn that a write is done. As long as TCP has taken all that it was given, what waits is
   * what this turn brought, and no sign of a slow reader.
   */
  get #waitsForReader(): boolean {
    return this.#tls === undefined || this.#queuedBytes > 0;
  }

  /** What TCP was given and the system has not taken, as it is now. */
  get #queuedBytes(): number {
    const { _handle: handle } = this.#transport as unknown as {
      _handle?: { writeQueueSize?: number } | null;
    };
    return handle?.writeQueueSize ?? 0;
  }

  /** Bytes that wait to be taken by the system. */
  get backlog(): number {
    return this.socket.writableLength + this.#underway;
  }

  /** The rest of a direct write is with the system. */
  written(ok: boolean): void {
    this.#underway = 0;
    const isAwaited = this.#awaitsWritten;
    this.#awaitsWritten = false;
    if (!ok) this.socket.destroy();
    else if (isAwaited) this.awaitDrain();
  }

  #writeDirectly(bytes: Buffer): void {
    const { socket } = this;
    switch (writeDirectly(this, bytes)) {
      case "taken":
        return;
      case "underway":
        this.#underway = bytes.length;
        return;
      case "failed":
        socket.destroy();
        return;
      case "unable":
        socket.write(bytes);
        return;
    }
  }

  /** Has `drained` called when all is taken, also where less waits than a socket itself would tell of. */
  awaitDrain(): void {
    const { socket } = this;
    // The socket knows nothing of a direct write. Where the system has taken all of it and only has not said so yet,
    // the socket would answer at once, again and again, and nothing else would ever get its turn.
    if (this.#underway > 0) {
      this.#awaitsWritten = true;
      return;
    }
    if (socket.writableNeedDrain) return;
    socket.write(nothing, (error) => {
      if (error) return;
      if (this.backlog === 0) this.#events.drained(this);
      else this.awaitDrain();
    });
  }

  hold(why: number): void {
    if (this.#held === 0) this.socket.pause();
    this.#held |= why;
  }

  release(why: number): void {
    if (this.#held === 0) return;
    this.#held &= ~why;
    if (this.#held === 0 && !this.closed) this.socket.resume();
  }

  /** Whether it is held for any of these reasons. */
  isHeld(why: number): boolean {
    return (this.#held & why) !== 0;
  }

  get receivedBytes(): number {
    return this.socket.bytesRead;
  }

  /** What the system has taken; it never shrinks. */
  get sentBytes(): number {
    return this.socket.bytesWritten - this.socket.writableLength;
  }

  /** Changes whenever the other side has taken some of what it was sent. */
  get progress(): string {
    return `${this.sentBytes}:${this.#queuedBytes}`;
  }
}

function onData(this: Socket, chunk: Buffer): void {
  const connection = connectionOfSocket(this);
  connection.events.received(connection, chunk);
}

function onEnd(this: Socket): void {
  const connection = connectionOfSocket(this);
  connection.events.ended(connection);
}

function onDrain(this: Socket): void {
  const connection = connectionOfSocket(this);
  connection.events.drained(connection);
}

/** A connection that fails is closed next, and that is all there is to do about it. */
function onError(): void {}

function onTlsError(this: Socket, error: Error): void {
  const connection = connectionOfSocket(this);
  connection.events.broken(connection, error);
}

function onSecure(this: TLSSocket): void {
  const connection = connectionOfSocket(this);
  connection.events.secured(connection, this.getPeerX509Certificate()?.fingerprint256);
}

function onClose(this: Socket): void {
  const connection = connectionOfSocket(this);
  connection.closed = true;
  connection.events.closed(connection);
}
