import { maskedFrame, pong } from "./frames.ts";

export const doorNames = ["line", "irc", "websocket", "plain-websocket", "socket-io"] as const;
/** What a server speaks: Roomful's doors, and what the peers have. */
export type Door = (typeof doorNames)[number];

/** What a message of the server means for somebody who is coming in. */
type Entry =
  | { readonly kind: "in" }
  | { readonly kind: "refused" }
  | { readonly kind: "answer"; readonly bytes: string | Buffer };

/** How one gets in by a door and speaks there. */
export interface DoorCodec {
  readonly framing: "lines" | "frames";
  /** So many bytes stand behind a payload: to the line feed and with it, or to the end of the frame. */
  readonly behind: number;
  /** Where the WebSocket is. */
  readonly path: string;
  /** `capabilities`: what is asked for, by the `irc` door only. */
  opening(name: string, capabilities: readonly string[]): string | Buffer;
  /** Says all of the texts; `counter` is that of the first. */
  say(texts: readonly string[], counter: number): string | Buffer;
  enter(message: string, joins: boolean): Entry | undefined;
  /** The answer to a message that is no payload and may come at any time; most need none. */
  answer(memory: Buffer, from: number, to: number): string | Buffer | undefined;
}

const channel = "#bench";
export const joinLine: string = `JOIN ${channel}\r\n`;

const isIn: Entry = { kind: "in" };
const isRefused: Entry = { kind: "refused" };
/** `{"type":"h…`: only a heartbeat begins so. */
const heartbeatAt = 9;
const letter = { h: 0x68, P: 0x50, two: 0x32 } as const;

function byWords(welcome: string, refusal: string): (message: string) => Entry | undefined {
  return (message) => {
    if (message.includes(refusal)) return isRefused;
    return message.includes(welcome) ? isIn : undefined;
  };
}

const line: DoorCodec = {
  framing: "lines",
  behind: 1,
  path: "",
  opening: (name) => `${name}\n`,
  say: (texts) => `${texts.join("\n")}\n`,
  enter: byWords("Welcome", "[ERROR]"),
  answer: () => undefined,
};

/** Where a server asks for a name before it knows what its client speaks, the first line stands behind that. */
const prompt = "Enter your username: ";

/** RFC 2812: 001 welcomes, 366 ends the list of names after a JOIN, 4xx and 5xx are errors; 422 is "no MOTD". */
function numericOf(message: string): string {
  const source = message.startsWith("@") ? message.indexOf(" ") + 1 : 0;
  const code = message.indexOf(" ", source) + 1;
  return message[source] === ":" && message[code + 3] === " " ? message.slice(code, code + 3) : "";
}

const irc: DoorCodec = {
  framing: "lines",
  behind: 2,
  path: "",
  opening(name, capabilities) {
    const registration = `NICK ${name}\r\nUSER ${name} 0 * :bench\r\n`;
    if (capabilities.length === 0) return registration;
    // One by one: a list in which a server does not know a word it refuses as a whole.
    const requests = capabilities.map((capability) => `CAP REQ :${capability}\r\n`);
    return `${requests.join("")}${registration}CAP END\r\n`;
  },
  say: (texts) => texts.map((text) => `PRIVMSG ${channel} :${text}\r\n`).join(""),
  enter(message, joins) {
    if (message.startsWith("ERROR")) return isRefused;
    if (message.startsWith("PING")) return { kind: "answer", bytes: pongOf(message) };
    const code = numericOf(message.startsWith(prompt) ? message.slice(prompt.length) : message);
    if (code === "001") return joins ? { kind: "answer", bytes: joinLine } : isIn;
    if (code === "366") return isIn;
    return /^[45]/.test(code) && code !== "422" ? isRefused : undefined;
  },
  answer(memory, from, to) {
    return memory[from] === letter.P ? pongOf(memory.toString("latin1", from, to)) : undefined;
  },
};

function pongOf(ping: string): string {
  return `PONG${ping.slice(4).trimEnd()}\r\n`;
}

const websocket: DoorCodec = {
  framing: "frames",
  // Of an event the text is the last field: a quotation mark and two braces stand behind it.
  behind: 3,
  path: "/chat",
  opening: (name) => maskedFrame(JSON.stringify({ type: "hello", version: 1, name })),
  say: (texts, counter) =>
    frames(texts, (text, index) =>
      JSON.stringify({ type: "send", counter: counter + index, to: "#lobby", kind: "text", text }),
    ),
  enter: byWords('{"type":"welcome"', '{"type":"refused"'),
  // A heartbeat wants any sign of life.
  answer: (memory, from) => (memory[from + heartbeatAt] === letter.h ? pong : undefined),
};

/** What `servers/naive-websocket.ts` speaks: the first message is the name, every other one is said. */
const plainWebsocket: DoorCodec = {
  framing: "frames",
  behind: 2,
  path: "/",
  opening: (name) => maskedFrame(name),
  say: (texts) => frames(texts, (text) => text),
  enter: byWords("Welcome", "Goodbye"),
  answer: () => undefined,
};

/** Engine.IO's packets (0 open, 2 ping, 3 pong, 4 message) around Socket.IO's (0 connect, 2 event, 4 error). */
const socketIo: DoorCodec = {
  framing: "frames",
  behind: 2,
  path: "/socket.io/?EIO=4&transport=websocket",
  opening: () => maskedFrame("40"),
  say: (texts) => frames(texts, (text) => `42${JSON.stringify(["say", text])}`),
  enter(message) {
    if (message.startsWith("44")) return isRefused;
    return message.startsWith("40") ? isIn : undefined;
  },
  answer: (memory, from) => (memory[from] === letter.two ? maskedFrame("3") : undefined),
};

function frames(texts: readonly string[], message: (text: string, index: number) => string): Buffer {
  return Buffer.concat(texts.map((text, index) => maskedFrame(message(text, index))));
}

export const doors: Readonly<Record<Door, DoorCodec>> = {
  line,
  irc,
  websocket,
  "plain-websocket": plainWebsocket,
  "socket-io": socketIo,
};
