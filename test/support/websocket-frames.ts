import { parseServerMessage } from "../../src/protocols/websocket/parse.ts";

/** RFC 6455, section 5.2. */
export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface FrameOptions {
  /** A text frame where not given. */
  readonly opcode?: number;
  /** The last frame of its message, where not given. */
  readonly isFinal?: boolean;
  /** The three reserved bits, as a number from 0 to 7. */
  readonly reserved?: number;
  /** Masked, as a client has to, where not given. */
  readonly isMasked?: boolean;
  /** What the header says the length were. */
  readonly claimedLength?: number | bigint;
}

const mask = Buffer.of(0x5a, 0xc3, 0x17, 0x88);

/** A frame as a client sends it, or breaks it. */
export function clientFrame(payload: string | Buffer, options: FrameOptions = {}): Buffer {
  const { opcode = opcodes.text, isFinal = true, reserved = 0, isMasked = true } = options;
  const bytes = Buffer.from(payload);
  const first = (isFinal ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15);
  const length = lengthField(options.claimedLength ?? bytes.length, isMasked ? 0x80 : 0);
  if (!isMasked) return Buffer.concat([Buffer.of(first), length, bytes]);
  const masked = bytes.map((byte, index) => byte ^ mask[index % 4]!);
  return Buffer.concat([Buffer.of(first), length, mask, masked]);
}

function lengthField(length: number | bigint, maskBit: number): Buffer {
  if (length < 126) return Buffer.of(maskBit | Number(length));
  if (length < 0x10000) {
    const field = Buffer.of(maskBit | 126, 0, 0);
    field.writeUInt16BE(Number(length), 1);
    return field;
  }
  const field = Buffer.alloc(9);
  field[0] = maskBit | 127;
  field.writeBigUInt64BE(BigInt(length), 1);
  return field;
}

/** The request that opens a websocket; `headers` come on top, or in place of its own where they have their names. */
export function upgradeRequest(
  host: string,
  headers: Readonly<Record<string, string | undefined>> = {},
): string {
  const all = {
    Host: host,
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return ["GET /chat HTTP/1.1", ...lines, "", ""].join("\r\n");
}

export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/**
 * The frames that a server sent, which are neither masked nor in fragments, and what is left after the last whole
 * one. Throws where a server may not send such a frame. `lines`: the texts are lines of IRC, and not messages of ours.
 */
export function serverFrames(
  bytes: Buffer,
  content: "messages" | "lines" = "messages",
): {
  readonly frames: readonly ServerFrame[];
  readonly rest: Buffer;
} {
  const frames: ServerFrame[] = [];
  let at = 0;
  for (;;) {
    const header = frameHeader(bytes.subarray(at));
    if (header === undefined || at + header.end > bytes.length) return { frames, rest: bytes.subarray(at) };
    const payload = bytes.subarray(at + header.start, at + header.end);
    if (header.opcode === opcodes.text && content === "messages") checkMessage(payload);
    frames.push({ opcode: header.opcode, payload });
    at += header.end;
  }
}

function frameHeader(
  bytes: Buffer,
): { readonly opcode: number; readonly start: number; readonly end: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const opcode = first & 15;
  const known = (
    [opcodes.text, opcodes.binary, opcodes.close, opcodes.ping, opcodes.pong] as number[]
  ).includes(opcode);
  if ((first & 0xf0) !== 0x80 || !known || (second & 0x80) !== 0) {
    throw new Error(`A server does not send a frame that begins with ${bytes.toString("hex", 0, 16)}`);
  }
  if (second < 126) return { opcode, start: 2, end: 2 + second };
  if (second === 126) {
    return bytes.length < 4 ? undefined : { opcode, start: 4, end: 4 + bytes.readUInt16BE(2) };
  }
  return bytes.length < 10 ? undefined : { opcode, start: 10, end: 10 + Number(bytes.readBigUInt64BE(2)) };
}

function checkMessage(payload: Buffer): void {
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(payload);
  const message = parseServerMessage(text);
  if (message.type === "malformed") throw new Error(`A server does not say ${text}: ${message.problem}`);
}
