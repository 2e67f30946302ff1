import { once } from "node:events";
import type { TestContext } from "node:test";
import { WebSocket } from "ws";
import { pageSender } from "../browser/hostile-page.ts";
import { openScreen } from "../client/screen-people.ts";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { RoomTalker } from "../support/room-talker.ts";
import type { RunningServer } from "../support/running-server.ts";
import { clean, cleanInIrc, enders, lineEnders, oneLiners } from "./texts.ts";

/** What one can say beside messages, where others are shown it. */
export const ways = [
  "topic",
  "away",
  "part",
  "kick",
  "nick",
  "join",
  "mask",
  "real name",
  "metadata",
  "tag",
  "action",
  "notice",
  "quit",
] as const;

export type Way = (typeof ways)[number];

/** Somebody who says hostile things by a door. */
export interface Sender {
  readonly name: string;
  /** Which he runs. */
  readonly stage: string;
  /** What can be one text there. */
  readonly texts: readonly string[];
  /** What may have several lines there. */
  readonly linedTexts?: readonly string[];
  /** The text as it is kept; `undefined` where his client decides that. */
  readonly kept: ((text: string) => string) | undefined;
  /** Resolves when it has its place in the order. */
  say(text: string): Promise<void>;
  tell(to: string, text: string): Promise<void>;
  /** Does with a text, in his room with Victim, what this door can. */
  readonly can: Partial<Readonly<Record<Way, (text: string) => Promise<unknown>>>>;
}

export type MakeSender = (t: TestContext, server: RunningServer) => Promise<Sender>;

/** The rows of the table. A new door is one more here and one more in `receivers`. */
export const senders: Readonly<Record<string, MakeSender>> = {
  line: async (t, { port }) => {
    const client = await LineClient.enter(port, "Liner");
    t.after(() => client.close());
    const stage = "#stage-line";
    const send = async (line: string): Promise<void> => {
      client.send(line);
      await client.settled();
    };
    await send(`/join ${stage}`);
    await send("/room #lobby");
    return {
      name: "Liner",
      stage,
      texts: [...oneLiners, "\ud800", "x".repeat(1500)],
      kept: clean,
      say: send,
      tell: (to, text) => send(`/pm ${to} ${text}`),
      can: {
        topic: (text) => send(`/topic ${stage} ${text}`),
        away: (text) => send(`/away ${text}`),
        kick: (text) => send(`/kick ${stage} Victim ${text}`),
        nick: (text) => send(`/nick ${text}`),
        join: (text) => send(`/join #${text}`),
        mask: (text) => send(`/ban ${stage} ${text}`),
        action: (text) => send(`/me ${text}`),
        part: (text) => send(`/leave ${stage} ${text}`),
      },
    };
  },
  websocket: async (t, { port }) => {
    const talker = await RoomTalker.enter(t, port, { name: "Webber" });
    const stage = "#stage-websocket";
    await talker.gets("room-entered", { type: "join", room: stage });
    const said = (kind: "action" | "notice", text: string): Promise<unknown> => {
      talker.client.send({
        type: "send",
        counter: 1_000_000 + talker.client.received.length,
        to: "#lobby",
        kind,
        text,
      });
      return talker.texts();
    };
    return {
      name: "Webber",
      stage,
      texts: [...oneLiners, ...enders, "x".repeat(1500)],
      linedTexts: lineEnders,
      kept: clean,
      say: async (text) => void (await talker.says("#lobby", text)),
      tell: async (to, text) => void (await talker.says(`@${to}`, text)),
      can: {
        topic: (text) => talker.ask({ type: "topic", room: stage, text }),
        away: (text) => talker.ask({ type: "away", text }),
        kick: (text) => talker.ask({ type: "kick", room: stage, name: "Victim", text }),
        nick: (text) => talker.ask({ type: "rename", name: text }),
        join: (text) => talker.ask({ type: "join", room: `#${text}`.slice(0, 60) }),
        mask: (text) => talker.ask({ type: "modes", room: stage, modes: `+b ${text}` }),
        action: (text) => said("action", text),
        notice: (text) => said("notice", text),
        part: (text) => talker.ask({ type: "part", room: stage, text }),
      },
    };
  },
  "IRC, plain": (t, { port }) => ircSender(t, port, { name: "Plainer", capabilities: [] }),
  "IRC with capabilities": (t, { port }) =>
    ircSender(t, port, {
      name: "Capper",
      capabilities: ["message-tags", "echo-message", "batch", "labeled-response", "draft/multiline"],
    }),
  "IRC in a page": async (t, { port }) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/irc`, ["text.ircv3.net"]);
    t.after(() => socket.terminate());
    await once(socket, "open");
    const lines: string[] = [];
    let watchers: (() => void)[] = [];
    socket.on("message", (data: Buffer) => {
      lines.push(data.toString());
      for (const watcher of watchers.splice(0)) watcher();
    });
    let asked = 0;
    // What only the hub knows is answered after all that was said before.
    const ask = async (...those: readonly string[]): Promise<void> => {
      asked += 1;
      const marker = `asked-${asked}`;
      for (const line of [...those, `WHOWAS ${marker}`]) socket.send(line);
      while (!lines.some((line) => line.includes(` 369 Pager ${marker} `))) {
        await new Promise<void>((resolve) => (watchers = [...watchers, resolve]));
      }
    };
    await ask("NICK Pager", "USER pager 0 * :Pager", "JOIN #lobby", "JOIN #stage-Pager");
    return ircWords("Pager", ask, (line) => socket.send(line));
  },
  "terminal client": async (t, { port }) => {
    const terminal = await openScreen(t, `Screener@127.0.0.1:${port}`, { columns: 100, rows: 30 });
    const paste = async (line: string): Promise<void> => {
      terminal.type(`\x1b[200~${line}\x1b[201~\r`);
    };
    return {
      name: "Screener",
      stage: "#lobby",
      // A text of marks alone is as wide as its letter, and takes long to be drawn; what is pasted is cleaned there.
      texts: oneLiners,
      kept: undefined,
      say: paste,
      tell: (to, text) => paste(`/pm ${to} ${text}`),
      can: {},
    };
  },
  page: pageSender,
};

async function ircSender(
  t: TestContext,
  port: number,
  { name, capabilities }: { readonly name: string; readonly capabilities: readonly string[] },
): Promise<Sender> {
  const client = await IrcClient.enter(port, name, ...capabilities);
  t.after(() => client.close());
  await client.ask("JOIN #lobby", `JOIN #stage-${name}`);
  return ircWords(
    name,
    async (...lines) => void (await client.ask(...lines)),
    (line) => client.send(line),
  );
}

function ircWords(
  name: string,
  ask: (...lines: readonly string[]) => Promise<void>,
  send: (line: string) => void,
): Sender {
  const stage = `#stage-${name}`;
  return {
    name,
    stage,
    texts: oneLiners,
    kept: cleanInIrc,
    say: (text) => ask(`PRIVMSG #lobby :${text}`),
    tell: (to, text) => ask(`PRIVMSG ${to} :${text}`),
    can: {
      topic: (text) => ask(`TOPIC ${stage} :${text}`),
      away: (text) => ask(`AWAY :${text}`),
      kick: (text) => ask(`KICK ${stage} Victim :${text}`),
      nick: (text) => ask(`NICK :${text}`),
      join: (text) => ask(`JOIN #${text}`),
      mask: (text) => ask(`MODE ${stage} +b ${text}`),
      "real name": (text) => ask(`SETNAME :${text}`),
      metadata: (text) => ask(`METADATA * SET url :${text}`, `METADATA ${stage} SET url :${text}`),
      tag: (text) => ask(`@+draft/react=${text.replaceAll(/[; ]/g, "")} TAGMSG #lobby`),
      action: (text) => ask(`PRIVMSG #lobby :\x01ACTION ${text}\x01`),
      notice: (text) => ask(`NOTICE #lobby :${text}`),
      part: (text) => ask(`PART ${stage} :${text}`),
      quit: async (text) => send(`QUIT :${text}`),
    },
  };
}
