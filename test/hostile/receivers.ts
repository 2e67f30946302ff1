import { once } from "node:events";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import { pageReceiver } from "../browser/hostile-page.ts";
import { PlainPerson } from "../client/plain-person.ts";
import { openScreen, statusRow } from "../client/screen-people.ts";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { roomful } from "../support/roomful-command.ts";
import type { RunningServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";
import { moves, movesInIrc, printed } from "./texts.ts";

/** Where what was sent arrives. */
export interface Receiver {
  /** Whom one can tell something in private; `undefined`: nobody is there. */
  readonly name?: string;
  /** Resolves when what was said last is there. */
  until(last: string): Promise<void>;
  /** The texts of the lobby's messages from somebody, each from its one line; `undefined` where only rows are seen. */
  texts(from: string): Promise<readonly string[] | undefined>;
  /** How a text that is kept is shown there. */
  readonly shows: (kept: string) => string;
  /** Everything that it was given, which may hold nothing of `harmful`. */
  raw(): Promise<string>;
  readonly harmful: RegExp;
  /** What could only be there if somebody had forged it; at the beginning of a line. */
  readonly forged?: RegExp;
  /** Comes into a room; the console and an export need not. */
  comeInto(room: string): Promise<void>;
  /** Asks for all that can be asked of who is called so, and of his room. */
  lookAround(name: string, room: string): Promise<void>;
}

export type MakeReceiver = (t: TestContext, server: RunningServer) => Promise<Receiver>;

const screenRows = 60;
const same = (kept: string): string => kept;
const nothing = async (): Promise<void> => undefined;
const forgedLines =
  /^(?:\[\d\d:\d\d:\d\d\] \[(?:JOIN|SYSTEM)\] (?:root|forged|Server)|#lobby #1 2026-01-01)/m;
const forgedIrc = /^(?:@\S+ )?:root\b/m;

/** The columns of the table, but the export. A new door is one more here and one more in `senders`. */
export const receivers: Readonly<Record<string, MakeReceiver>> = {
  netcat: async (t, { port }) => {
    const client = await LineClient.enter(port, "Netty");
    t.after(() => client.close());
    return {
      name: "Netty",
      until: async (last) => void (await client.until(last)),
      texts: async (from) => saidIn(client.received, from),
      shows: printed,
      raw: async () => client.received,
      harmful: moves,
      forged: forgedLines,
      comeInto: async (room) => {
        client.send(`/join ${room}`, "/room #lobby");
        await client.settled();
      },
      lookAround: async (name, room) => {
        client.send(
          `/whois ${name}`,
          "/rooms",
          `/room ${room}`,
          "/room #lobby",
          "/list",
          "/history 500",
          "/since 0",
        );
        client.send(`/search ${name}`);
        await client.settled();
      },
    };
  },
  "plain client": async (t, { port }) => {
    const person = await PlainPerson.enter(t, { port, name: "Piper" });
    return {
      name: "Piper",
      until: async (last) => void (await person.until(new RegExp(last))),
      texts: async (from) => saidIn(person.received, from),
      shows: printed,
      raw: async () => person.received,
      harmful: moves,
      forged: forgedLines,
      comeInto: nothing,
      lookAround: nothing,
    };
  },
  "terminal client": async (t, { port }) => {
    const terminal = await openScreen(t, `Screeny@127.0.0.1:${port}`, { columns: 100, rows: screenRows });
    const start = terminal.raw.length;
    return {
      name: "Screeny",
      until: async (last) => {
        await terminal.shows(last);
        const rows = terminal.rows;
        if (statusRow(terminal) !== screenRows - 2)
          throw new Error(`The screen is torn:\n${rows.join("\n")}`);
      },
      texts: async () => undefined,
      shows: printed,
      raw: async () => withoutOwn(terminal.raw.slice(start)),
      harmful: moves,
      forged: forgedLines,
      comeInto: nothing,
      lookAround: nothing,
    };
  },
  "IRC, plain": (t, { port }) => ircReceiver(t, port, { name: "Irky", capabilities: [] }),
  "IRC with capabilities": (t, { port }) =>
    ircReceiver(t, port, {
      name: "Cappy",
      capabilities: [
        "message-tags",
        "server-time",
        "batch",
        "extended-join",
        "away-notify",
        "setname",
        "account-tag",
        "standard-replies",
        "draft/metadata-2",
        "draft/channel-rename",
      ],
    }),
  "IRC in a page": async (t, { port }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/irc`, ["text.ircv3.net"]);
    t.after(() => socket.terminate());
    const lines: string[] = [];
    let watchers: (() => void)[] = [];
    socket.on("message", (data: Buffer) => {
      const line = data.toString();
      // Whatever ends a line in a frame is a forged line.
      lines.push(line.replaceAll(/[\r\n]/g, "\0"));
      for (const watcher of watchers.splice(0)) watcher();
    });
    let asked = 0;
    const until = async (last: string): Promise<void> => {
      while (!lines.some((line) => line.includes(last))) {
        await new Promise<void>((resolve) => (watchers = [...watchers, resolve]));
      }
    };
    await once(socket, "open");
    for (const line of ["NICK Pagey", "USER p 0 * :p", "JOIN #lobby"]) socket.send(line);
    await until(" 366 Pagey #lobby ");
    return {
      name: "Pagey",
      until,
      texts: async (from) => saidInIrc(lines, from),
      shows: same,
      raw: async () => lines.join("\n"),
      harmful: movesInIrc,
      forged: forgedIrc,
      comeInto: async (room) => {
        socket.send(`JOIN ${room}`);
        await until(` 366 Pagey ${room} `);
      },
      lookAround: async (name, room) => {
        asked += 1;
        for (const line of [...questions(name, room), `WHOWAS asked-${asked}`]) socket.send(line);
        await until(` 369 Pagey asked-${asked} `);
      },
    };
  },
  websocket: async (t, { port }) => {
    const { client } = await WebSocketClient.enter(port, { name: "Proggy" });
    t.after(() => client.socket.terminate());
    let request = 0;
    const ask = async (asked: object): Promise<void> => {
      request += 1;
      const own = request;
      client.socket.send(JSON.stringify({ ...asked, request: own }));
      await client.find((message) => "request" in message && message.request === own);
    };
    return {
      name: "Proggy",
      until: async (last) =>
        void (await client.find((message) => message.type === "event" && message.event.text.includes(last))),
      texts: async (from) =>
        client.received.flatMap((message) =>
          message.type === "event" &&
          message.event.stream === "#lobby" &&
          message.event.from.name === from &&
          message.event.kind === "text"
            ? [message.event.text]
            : [],
        ),
      shows: same,
      // What JSON writes with an escape is what a program is given.
      raw: async () => client.frames.map((frame) => stringsOf(JSON.parse(frame)).join("\n")).join("\n"),
      harmful: movesInIrc,
      comeInto: (room) => ask({ type: "join", room }),
      lookAround: async (name, room) => {
        await ask({ type: "person", name });
        await ask({ type: "room", room });
        await ask({ type: "rooms" });
        await ask({ type: "history", stream: "#lobby", limit: 100 });
        await ask({ type: "search", query: "before" });
        await ask({ type: "list" });
      },
    };
  },
  page: pageReceiver,
  console: async (_t, { console, consoleShows }) => ({
    until: (last) => consoleShows(new RegExp(last)),
    texts: async (from) => saidIn(console().replaceAll(" [BROADCAST]", ""), from),
    shows: printed,
    raw: async () => console(),
    harmful: moves,
    forged: forgedLines,
    comeInto: nothing,
    lookAround: nothing,
  }),
};

/** The last column, which is looked at once everything is stored. */
export async function exportReceiver(
  dataFolder: string,
): Promise<Pick<Receiver, "texts" | "raw" | "harmful" | "forged" | "shows">> {
  const [text = "", json = ""] = await Promise.all(
    ["text", "json"].map(async (format) => {
      return (await roomful(["export", "--private", "--format", format, "--data", dataFolder])).stdout;
    }),
  );
  return {
    texts: async (from) =>
      text.split("\n").flatMap((line) => {
        const [, said] = new RegExp(`^#lobby #\\d+ \\S+Z ${from}: (.*)$`, "s").exec(line) ?? [];
        return said === undefined ? [] : [said];
      }),
    shows: printed,
    raw: async () => text + json,
    harmful: moves,
    forged: /^(?!(?:#\S+|room:\S+|dm:\S+) #\d+ \d{4}-\S+Z |\{".*\}$|$)/m,
  };
}

async function ircReceiver(
  t: TestContext,
  port: number,
  { name, capabilities }: { readonly name: string; readonly capabilities: readonly string[] },
): Promise<Receiver> {
  const client = await IrcClient.enter(port, name, ...capabilities);
  t.after(() => client.close());
  const lines: string[] = [];
  const take = async (...asked: readonly string[]): Promise<void> =>
    void lines.push(...(await client.ask(...asked)));
  await take("JOIN #lobby", ...(capabilities.length > 0 ? ["METADATA * SUB url"] : []));
  return {
    name,
    until: async () => take(),
    texts: async (from) => {
      await take();
      return saidInIrc(lines, from);
    },
    shows: same,
    raw: async () => lines.join("\n"),
    harmful: movesInIrc,
    forged: forgedIrc,
    comeInto: (room) => take(`JOIN ${room}`),
    lookAround: (whom, room) => take(...questions(whom, room)),
  };
}

function questions(name: string, room: string): readonly string[] {
  return [
    `WHOIS ${name}`,
    `WHOWAS ${name}`,
    `WHO ${room}`,
    "WHO *",
    "LIST",
    `NAMES ${room}`,
    `TOPIC ${room}`,
    `MODE ${room} b`,
    `METADATA ${name} LIST`,
    `METADATA ${room} LIST`,
    "CHATHISTORY LATEST #lobby * 100",
    `CHATHISTORY LATEST ${room} * 100`,
    `PRIVMSG ${name} :x`,
  ];
}

/** Long texts come in pieces: each that begins with no number goes on where the one before ends. */
function saidInIrc(lines: readonly string[], from: string): readonly string[] {
  const texts: string[] = [];
  for (const line of lines) {
    const [, text] = new RegExp(`^(?:@\\S+ )?:${from}!\\S+ PRIVMSG #lobby :(.*)$`, "s").exec(line) ?? [];
    if (text === undefined || text.startsWith("\x01ACTION")) continue;
    if (/^\d+ before /.test(text)) texts.push(text);
    else texts.push((texts.pop() ?? "") + text);
  }
  return texts;
}

function saidIn(shown: string, from: string): readonly string[] {
  // The time alone that stands before a line, and not what somebody has made up of that kind.
  const lines = shown.split("\n").map((line) => line.replace(/^\[\d\d:\d\d:\d\d\] /, "T "));
  return lines
    .filter((line) => line.startsWith(`T ${from}: `))
    .map((line) => line.slice(`T ${from}: `.length));
}

function stringsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsOf(inner)]);
}

/** What is left of the output when the sequences of the client's own are taken out. */
function withoutOwn(raw: string): string {
  return raw
    .replaceAll(/\u001b\[[?\d;]*[A-Za-z]/g, "")
    .replaceAll(/\u001b\](?:2|9);[^\u0007\u001b]*\u0007/g, "")
    .replaceAll("\u001b]11;?\u001b\\", "")
    .replaceAll("\r\n", "");
}
