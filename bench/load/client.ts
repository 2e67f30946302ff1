import { connect, type Socket } from "node:net";
import { type Capabilities, capabilitiesOf } from "./capabilities.ts";
import { type Door, type DoorCodec, doors, joinLine } from "./doors.ts";
import { opcodes, pong, upgradeRequest } from "./frames.ts";
import { isPayload, type Ledger } from "./payload.ts";

/** What all clients of a load have in common. */
export interface ClientOptions {
  readonly door: Door;
  readonly port: number;
  readonly payloadBytes: number;
  readonly capabilities: Capabilities;
  /** Whether one who is let in goes into the room too, where that is a step of its own. */
  readonly joins: boolean;
  /** Called when a client is in the chat, and in the room after `join`. */
  readonly entered: () => void;
  /** Called when a client could not come in, or was closed. */
  readonly failed: (client: Client, why: string) => void;
  /** Called before what one read brought is looked at. */
  readonly reading: (bytes: number) => void;
  /** Called after it. */
  readonly read: () => void;
}

const host = "127.0.0.1";
const newline = 10;
const maxCarryBytes = 256 * 1024;
const readBytes = 256 * 1024;

// One buffer for all reads of all clients; what is left over of a client's last read is put in front of it.
const memory = Buffer.allocUnsafe(maxCarryBytes + readBytes);
const readBuffer = memory.subarray(maxCarryBytes);

/** One connection of somebody who reads, and perhaps sends. Deliveries are counted in the bytes as they come. */
export class Client {
  readonly index: number;
  /** What arrives is entered here; `undefined` between two runs. */
  static ledger: Ledger | undefined;
  readonly #options: ClientOptions;
  readonly #codec: DoorCodec;
  readonly #socket: Socket;
  /** From the beginning of a payload to the end of its line or frame. */
  readonly #tail: number;
  #stage: "upgrading" | "entering" | "in" | "closed";
  #carry: Buffer | undefined;
  /** The length of a line with a payload, as it was last seen: the next one is found without searching. */
  #lineBytes = 0;
  #counter = 1;

  constructor(index: number, options: ClientOptions) {
    this.index = index;
    this.#options = options;
    this.#codec = doors[options.door];
    this.#tail = options.payloadBytes + this.#codec.behind;
    this.#stage = this.#codec.framing === "lines" ? "entering" : "upgrading";
    this.#socket = connect({
      port: options.port,
      host,
      noDelay: true,
      onread: {
        buffer: readBuffer,
        callback: (length) => {
          this.#receive(length);
          return true;
        },
      },
    });
    this.#socket.on("connect", () => {
      const upgrades = this.#stage === "upgrading";
      this.#socket.write(
        upgrades ? upgradeRequest(this.#codec.path, `${host}:${options.port}`) : this.#opening,
      );
    });
    this.#socket.on("error", (error) => this.#fail(error.message));
    this.#socket.on("close", () => this.#fail("the server closed the connection"));
  }

  /** Says each of the texts, with one write. */
  say(texts: readonly string[]): void {
    this.#socket.write(this.#codec.say(texts, this.#counter));
    this.#counter += texts.length;
  }

  /** Goes into the room: only by the `irc` door that is not the same as coming in. */
  join(): void {
    this.#stage = "entering";
    this.#socket.write(joinLine);
  }

  close(): void {
    this.#stage = "closed";
    this.#socket.destroy();
  }

  /** Names of one length, so that all messages are of one length too. */
  get #name(): string {
    return `reader${String(this.index).padStart(5, "0")}`;
  }

  get #opening(): string | Buffer {
    return this.#codec.opening(this.#name, capabilitiesOf(this.#options.capabilities, this.index));
  }

  #fail(why: string): void {
    if (this.#stage === "closed") return;
    this.#stage = "closed";
    this.#options.failed(this, why);
  }

  #receive(length: number): void {
    this.#options.reading(length);
    const carry = this.#carry;
    const start = maxCarryBytes - (carry?.length ?? 0);
    const end = maxCarryBytes + length;
    carry?.copy(memory, start);
    this.#carry = undefined;
    const used = this.#stage === "upgrading" ? this.#upgrade(start, end) : this.#split(start, end);
    if (end - used > maxCarryBytes) this.#fail("the server sent a message that is too long");
    else if (used < end) this.#carry = Buffer.from(memory.subarray(used, end));
    this.#options.read();
  }

  #split(start: number, end: number): number {
    return this.#codec.framing === "lines" ? this.#lines(start, end) : this.#frames(start, end);
  }

  /** Takes whole lines; returns where the rest begins. */
  #lines(start: number, end: number): number {
    const ledger = Client.ledger;
    // Between two runs come millions of lines about who joined, which nobody needs.
    if (ledger === undefined && this.#stage === "in") return this.#skipLines(start, end);
    const tail = this.#tail;
    let at = start;
    while (at < end) {
      let next = at + this.#lineBytes;
      if (next > end || memory[next - 1] !== newline || !isPayload(memory, next - tail)) {
        next = memory.indexOf(newline, at) + 1;
        if (next === 0 || next > end) break;
        if (next - at < tail || !isPayload(memory, next - tail)) {
          this.#other(at, next);
          at = next;
          continue;
        }
        this.#lineBytes = next - at;
      }
      ledger?.take(this.index, memory, next - tail);
      at = next;
    }
    return at;
  }

  #skipLines(start: number, end: number): number {
    const last = memory.lastIndexOf(newline, end - 1);
    if (last < start) return start;
    // What has to be answered comes alone.
    const answer = this.#codec.answer(memory, start, last);
    if (answer !== undefined) this.#socket.write(answer);
    return last + 1;
  }

  /** Takes whole frames; returns where the rest begins. */
  #frames(start: number, end: number): number {
    const tail = this.#tail;
    let at = start;
    while (end - at >= 2) {
      const short = memory[at + 1]!;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (end - at < header) break;
      const length =
        header === 2 ? short : header === 4 ? memory.readUInt16BE(at + 2) : memory.readUInt32BE(at + 6);
      const next = at + header + length;
      if (next > end) break;
      if (memory[at] === opcodes.text && length >= tail && isPayload(memory, next - tail)) {
        Client.ledger?.take(this.index, memory, next - tail);
      } else if (memory[at] === opcodes.text) {
        this.#other(at + header, next);
      } else {
        this.#control(memory[at]! & 15);
      }
      at = next;
    }
    return at;
  }

  #control(opcode: number): void {
    if (opcode === opcodes.close) this.#fail("the server closed the WebSocket");
    if (opcode === opcodes.ping) this.#socket.write(pong);
  }

  /** A line or a text frame that holds no payload. */
  #other(from: number, to: number): void {
    if (this.#stage !== "entering") {
      const answer = this.#codec.answer(memory, from, to);
      if (answer !== undefined) this.#socket.write(answer);
      return;
    }
    const text = memory.toString("utf8", from, to);
    const entry = this.#codec.enter(text, this.#options.joins);
    switch (entry?.kind) {
      case "refused":
        this.#fail(`the server refused it: ${text}`);
        return;
      case "answer":
        this.#socket.write(entry.bytes);
        return;
      case "in":
        this.#stage = "in";
        this.#options.entered();
        return;
      case undefined:
    }
  }

  #upgrade(start: number, end: number): number {
    const ending = memory.subarray(start, end).indexOf("\r\n\r\n");
    if (ending === -1) return start;
    const head = memory.toString("latin1", start, start + ending);
    if (!head.startsWith("HTTP/1.1 101 ")) this.#fail(`the server answered ${head.split("\r\n")[0]}`);
    this.#stage = "entering";
    this.#socket.write(this.#opening);
    return this.#frames(start + ending + 4, end);
  }
}
