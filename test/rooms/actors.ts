import type { TestContext } from "node:test";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";

export const password = "a-long-password";

/** Somebody at some door, who tries things; what came of it is seen in what he is shown, or by others. */
export interface Actor {
  readonly name: string;
  /** Everything that he was shown since the last time, once all that was asked and said before has arrived. */
  shown(): Promise<string>;
  register(): Promise<void>;
  join(room: string): Promise<void>;
  leave(room: string): Promise<void>;
  say(room: string, text: string): Promise<void>;
  topic(room: string, text: string): Promise<void>;
  /** What these ask for is shown to him. `undefined`: there is no such thing at his door. */
  history(room: string, stream: string): Promise<void>;
  readonly search: ((words: string) => Promise<void>) | undefined;
  /** Comes back with a place in streams that he may not have been in. */
  readonly resume: ((streams: readonly string[]) => Promise<void>) | undefined;
  /** Whether one says something in a room from outside. */
  readonly speaksFromOutside: boolean;
  /** Becomes an operator of the server, by the name and password `root secret`. */
  readonly oper: (() => Promise<void>) | undefined;
  /** Who is in a room, where that can be asked without looking at it. */
  readonly names: ((room: string) => Promise<void>) | undefined;
  rooms(): Promise<void>;
  whois(name: string): Promise<void>;
}

export type Enter = (
  t: TestContext,
  port: number,
  who: { name: string; password?: string },
) => Promise<Actor>;

/** Doors, by which all this is done; the browser's is the websocket. */
export const doors: Readonly<Record<"line" | "websocket" | "irc", Enter>> = {
  line: async (t, port, who) => {
    const client = await LineClient.connect(port);
    t.after(() => client.close());
    client.send(who.name, ...(who.password === undefined ? [] : [who.password]));
    await client.until("Welcome to the chat server");
    const send = async (...lines: readonly string[]): Promise<void> => {
      client.send(...lines);
      await client.settled();
    };
    return {
      name: who.name,
      shown: async () => {
        const shown = await client.settled();
        client.clear();
        return shown;
      },
      register: async () => {
        client.send(`/register ${password}`);
        await client.until("is yours from now on");
      },
      join: (room) => send(`/join ${room}`),
      leave: (room) => send(`/leave ${room}`),
      say: (room, text) => send(`/room ${room}`, `${room} ${text}`, "/room #lobby"),
      topic: (room, text) => send(`/topic ${room} ${text}`),
      history: (room) => send(`/room ${room}`, "/history 100", "/since 0", "/room #lobby"),
      search: (words) => send(`/search ${words}`),
      resume: undefined,
      speaksFromOutside: false,
      oper: undefined,
      names: undefined,
      rooms: () => send("/rooms"),
      whois: (name) => send(`/whois ${name}`),
    };
  },
  websocket: async (t, port, who) => {
    let talker = await RoomTalker.enter(t, port, {
      ...who,
      ...(who.password === undefined ? {} : { device: "d" }),
    });
    let taken = 0;
    return {
      name: who.name,
      shown: async () => {
        await talker.texts();
        const frames = talker.client.frames.slice(taken);
        taken = talker.client.frames.length;
        // Who is in the lobby is asked by the waiting itself.
        return frames.filter((frame) => !/"type":"online".*"stream":"#lobby"/.test(frame)).join("\n");
      },
      register: async () => {
        talker.token =
          (await talker.gets("signed-in", { type: "register", password, device: "d" })).token ?? "";
      },
      join: async (room) => void (await talker.ask({ type: "join", room })),
      leave: async (room) => void (await talker.ask({ type: "part", room })),
      say: async (room, text) => void (await talker.says(room, text)),
      topic: async (room, text) => void (await talker.ask({ type: "topic", room, text })),
      history: async (room, stream) => {
        for (const name of [room, stream]) {
          await talker.ask({ type: "history", stream: name, after: 0 });
          await talker.ask({ type: "history", stream: name });
        }
      },
      search: async (query) => void (await talker.ask({ type: "search", query })),
      resume: async (streams) => {
        const heads = Object.fromEntries(["#lobby", ...streams].map((stream) => [stream, 0]));
        const { epoch } = talker.welcome;
        talker.client.socket.terminate();
        talker = await RoomTalker.enter(t, port, {
          name: who.name,
          token: talker.token,
          position: { epoch, heads },
        });
        taken = 0;
        await talker.client.find((message) => message.type === "caught-up");
      },
      speaksFromOutside: true,
      oper: undefined,
      names: async (room) => void (await talker.ask({ type: "list", room })),
      rooms: async () => void (await talker.ask({ type: "rooms" })),
      whois: async (name) => void (await talker.ask({ type: "person", name })),
    };
  },
  irc: async (t, port, who) => {
    // Who does not know histories is shown one on joining.
    const client = await IrcClient.enter(port, who.name);
    t.after(() => client.close());
    let shown: string[] = [];
    const ask = async (...lines: readonly string[]): Promise<void> =>
      void shown.push(...(await client.ask(...lines)));
    await ask("JOIN #lobby");
    return {
      name: who.name,
      shown: async () => {
        await ask();
        const lines = shown.join("\n");
        shown = [];
        return lines;
      },
      register: async () => {
        client.send(`REGISTER * * :${password}`);
        shown.push(await client.until("900"));
      },
      join: (room) => ask(`JOIN ${room}`),
      leave: (room) => ask(`PART ${room}`),
      say: (room, text) => ask(`PRIVMSG ${room} :${text}`),
      topic: (room, text) => ask(`TOPIC ${room} :${text}`),
      history: async (room) => {
        for (const line of [
          `CHATHISTORY LATEST ${room} * 50`,
          "CHATHISTORY TARGETS timestamp=1970-01-01T00:00:00.000Z timestamp=2999-01-01T00:00:00.000Z 50",
        ]) {
          await ask(line);
        }
      },
      search: undefined,
      resume: undefined,
      speaksFromOutside: true,
      oper: () => ask("OPER root secret"),
      names: (room) => ask(`NAMES ${room}`, `WHO ${room}`, `TOPIC ${room}`, `MODE ${room}`),
      rooms: () => ask("LIST"),
      whois: (name) => ask(`WHOIS ${name}`),
    };
  },
};
