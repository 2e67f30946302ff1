/** RFC 6455, section 5.2. */
export const opcodes = { text: 0x81, close: 8, ping: 9, pong: 0x8a } as const;
const maskKey = [0x5a, 0xc3, 0x17, 0x88] as const;

/** What answers a ping. */
export const pong: Buffer = Buffer.of(opcodes.pong, 0x80, ...maskKey);

/** A text frame as clients have to send it. */
export function maskedFrame(text: string): Buffer {
  const payload = Buffer.from(text);
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

/** Asks for the connection to become a WebSocket. */
export function upgradeRequest(path: string, host: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
    "\r\n",
  ].join("\r\n");
}
