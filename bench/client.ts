import { connect, type Socket } from "node:net";
import { isPayload, type Ledger } from "./payload.ts";

export type Door = "line" | "websocket";

/** What all clients of a load have in common. */
export interface ClientOptions {
  readonly door: Door;
  readonly port: number;
  readonly payloadBytes: number;
  /** Called when a client is in the chat. */
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

/** RFC 6455, section 5.2. */
const opcodes = { text: 0x81, close: 8, ping: 9, pong: 0x8a } as const;
const maskKey = [0x5a, 0xc3, 0x17, 0x88] as const;
/** `{"type":"h…`: only a heartbeat begins so. */
const heartbeatAt = 9;
const letterH = 0x68;

/** One connection of somebody who reads, and perhaps sends. Deliveries are counted in the bytes as they come. */
export class Client {
  readonly index: number;
  /** What arrives is entered here; `undefined` between two runs. */
  static ledger: Ledger | undefined;
  /** The length of a line with a payload, as it was last seen: the next one is found without searching. */
  static #lineBytes = 0;
  readonly #options: ClientOptions;
  readonly #socket: Socket;
  #stage: "upgrading" | "entering" | "in" | "closed";
  #carry: Buffer | undefined;
  #counter = 0;

  constructor(index: number, options: ClientOptions) {
    this.index = index;
    this.#options = options;
    this.#stage = options.door === "line" ? "entering" : "upgrading";
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
    this.#socket.on("connect", () => this.#socket.write(this.#opening()));
    this.#socket.on("error", (error) => this.#fail(error.message));
    this.#socket.on("close", () => this.#fail("the server closed the connection"));
  }

  /** Says each of the texts in the lobby, with one write. */
  say(texts: readonly string[]): void {
    if (this.#options.door === "line") {
      this.#socket.write(`${texts.join("\n")}\n`);
      return;
    }
    const frames = texts.map((text) => {
      this.#counter += 1;
      return maskedFrame({ type: "send", counter: this.#counter, to: "#lobby", kind: "text", text });
    });
    this.#socket.write(Buffer.concat(frames));
  }

  close(): void {
    this.#stage = "closed";
    this.#socket.destroy();
  }

  #opening(): string {
    if (this.#options.door === "line") return `${this.#name}\n`;
    return [
      "GET /chat HTTP/1.1",
      `Host: ${host}:${this.#options.port}`,
      "Upgrade: websocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version: 13",
      "\r\n",
    ].join("\r\n");
  }

  /** Names of one length, so that all messages are of one length too. */
  get #name(): string {
    return `reader${String(this.index).padStart(5, "0")}`;
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
    return this.#options.door === "line" ? this.#lines(start, end) : this.#frames(start, end);
  }

  /** Takes whole lines; returns where the rest begins. */
  #lines(start: number, end: number): number {
    const { payloadBytes } = this.#options;
    let at = start;
    while (at < end) {
      let last = at + Client.#lineBytes - 1;
      if (last >= end || memory[last] !== newline || !isPayload(memory, last - payloadBytes)) {
        last = memory.indexOf(newline, at);
        if (last === -1 || last >= end) break;
        if (last - at < payloadBytes || !isPayload(memory, last - payloadBytes)) {
          if (this.#stage === "entering") this.#answer(at, last, { welcome: "Welcome", refusal: "[ERROR]" });
          at = last + 1;
          continue;
        }
        Client.#lineBytes = last + 1 - at;
      }
      Client.ledger?.take(this.index, memory, last - payloadBytes);
      at = last + 1;
    }
    return at;
  }

  /** Takes whole frames; returns where the rest begins. */
  #frames(start: number, end: number): number {
    // Of an event the text is the last field: two braces and a quotation mark stand behind it.
    const behind = this.#options.payloadBytes + 3;
    let at = start;
    while (end - at >= 2) {
      const short = memory[at + 1]!;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (end - at < header) break;
      const length =
        header === 2 ? short : header === 4 ? memory.readUInt16BE(at + 2) : memory.readUInt32BE(at + 6);
      const next = at + header + length;
      if (next > end) break;
      if (memory[at] === opcodes.text && length > behind && isPayload(memory, next - behind)) {
        Client.ledger?.take(this.index, memory, next - behind);
      } else {
        this.#frame(at, at + header, next);
      }
      at = next;
    }
    return at;
  }

  /** A frame that holds no payload. */
  #frame(at: number, from: number, to: number): void {
    const opcode = memory[at]! & 15;
    if (opcode === opcodes.close) this.#fail("the server closed the WebSocket");
    const wantsAnswer = opcode === opcodes.ping || memory[from + heartbeatAt] === letterH;
    if (wantsAnswer) this.#socket.write(Buffer.of(opcodes.pong, 0x80, ...maskKey));
    if (this.#stage === "entering") {
      this.#answer(from, to, { welcome: '{"type":"welcome"', refusal: '{"type":"refused"' });
    }
  }

  #upgrade(start: number, end: number): number {
    const ending = memory.subarray(start, end).indexOf("\r\n\r\n");
    if (ending === -1) return start;
    const head = memory.toString("latin1", start, start + ending);
    if (!head.startsWith("HTTP/1.1 101 ")) this.#fail(`the server answered ${head.split("\r\n")[0]}`);
    this.#stage = "entering";
    this.#socket.write(maskedFrame({ type: "hello", version: 1, name: this.#name }));
    return this.#frames(start + ending + 4, end);
  }

  #answer(from: number, to: number, words: { readonly welcome: string; readonly refusal: string }): void {
    const text = memory.toString("utf8", from, to);
    if (text.includes(words.refusal)) {
      this.#fail(`the server refused it: ${text}`);
    } else if (text.includes(words.welcome)) {
      this.#stage = "in";
      this.#options.entered();
    }
  }
}

function maskedFrame(message: object): Buffer {
  const payload = Buffer.from(JSON.stringify(message));
  const short = payload.length < 126;
  const frame = Buffer.allocUnsafe((short ? 2 : 4) + maskKey.length + payload.length);
  frame[0] = opcodes.text;
  frame[1] = 0x80 | (short ? payload.length : 126);
  if (!short) frame.writeUInt16BE(payload.length, 2);
  let at = short ? 2 : 4;
  for (const key of maskKey) frame[at++] = key;
  for (let index = 0; index < payload.length; index += 1) {
    frame[at + index] = payload[index]! ^ maskKey[index & 3]!;
  }
  return frame;
}
