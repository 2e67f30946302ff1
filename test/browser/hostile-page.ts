import type { TestContext } from "node:test";
import type { Receiver } from "../hostile/receivers.ts";
import type { Sender } from "../hostile/senders.ts";
import { clean, lineEnders, moves, oneLiners, printed } from "../hostile/texts.ts";
import type { RunningServer } from "../support/running-server.ts";
import { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

/** High enough for all that is said at once. */
const viewport = { width: 1200, height: 3000 };

/** The page, where texts from every door arrive. That no script runs and no policy is broken the stage looks after. */
export async function pageReceiver(t: TestContext, server: RunningServer): Promise<Receiver> {
  const page = await enter(t, server, "Padgy");
  /** Of the lobby. */
  const rows = new Map<number, string>();
  let raw = "";
  const look = async (): Promise<void> => {
    raw += (await page.page.title()) + (await page.page.content());
  };
  return {
    name: "Padgy",
    until: async (last) => {
      await page.sees(last);
      for (const [serial, line] of await page.linesBySerial()) rows.set(serial, line);
      await look();
    },
    texts: async (from) =>
      [...rows]
        .sort(([one], [other]) => one - other)
        .flatMap(([, line]) => (line.startsWith(`${from}: `) ? [line.slice(from.length + 2)] : [])),
    shows: printed,
    raw: async () => raw,
    harmful: moves,
    // What is shown as text is written with `&lt;`.
    forged: /<script>|<img/i,
    comeInto: async (room) => {
      await page.say(`/join ${room}`);
      await page.page.getByRole("main", { name: room, exact: true }).waitFor();
      await look();
      await toLobby(page);
    },
    lookAround: async (name, room) => {
      await page.say(`/whois ${name}`, "/rooms", `/topic ${room}`, "/list", "/history 500");
      await settled(page);
      await look();
      for (const keys of ["Control+k", "Control+Shift+F"]) {
        await page.press(keys);
        await page.dialog.waitFor();
        await look();
        await page.press("Escape");
      }
      await page.page.getByRole("button", { name: "Join or make a room" }).click();
      await page.dialog.waitFor();
      await look();
      await page.press("Escape");
      const conversations = page.page.getByRole("list", { name: "Private" }).getByRole("button");
      for (const conversation of await conversations.all()) {
        await conversation.click();
        await page.rows.first().waitFor();
        await look();
      }
      await page.goTo("#lobby");
    },
  };
}

/** Somebody who types and pastes them into the page. */
export async function pageSender(t: TestContext, server: RunningServer): Promise<Sender> {
  const page = await enter(t, server, "Paige");
  const stage = "#stage-page";
  const say = async (text: string): Promise<void> => {
    await page.say(text);
    await settled(page);
  };
  await say(`/join ${stage}`);
  await toLobby(page);
  return {
    name: "Paige",
    stage,
    texts: [...oneLiners, "x".repeat(1500)],
    linedTexts: lineEnders,
    kept: clean,
    say: async (text) => {
      await page.page.keyboard.insertText(text);
      await page.press("Enter");
    },
    tell: async (to, text) => {
      await page.say(`/pm ${to} ${text}`);
      await toLobby(page);
    },
    can: {
      topic: (text) => say(`/topic ${stage} ${text}`),
      away: (text) => say(`/away ${text}`),
      kick: (text) => say(`/kick ${stage} Victim ${text}`),
      nick: (text) => say(`/nick ${text}`),
      join: async (text) => {
        await say(`/join #${text}`);
        await toLobby(page);
      },
      mask: (text) => say(`/ban ${stage} ${text}`),
      action: (text) => say(`/me ${text}`),
      part: (text) => say(`/leave ${stage} ${text}`),
    },
  };
}

async function enter(t: TestContext, server: RunningServer, name: string): Promise<ChatPage> {
  // The server is stopped before the browser is closed.
  const mayComplain = /WebSocket connection to|ERR_CONNECTION/;
  return Stage.around(t, server).enter(name, { viewport, mayComplain });
}

async function toLobby(page: ChatPage): Promise<void> {
  await page.say("/room #lobby");
  await page.page.getByRole("main", { name: "#lobby", exact: true }).waitFor();
}

let asked = 0;

/** All that was asked for is answered: what is asked last is. */
async function settled(page: ChatPage): Promise<void> {
  asked += 1;
  await page.say(`/whois nobody-${asked}`);
  await page.sees(`nobody-${asked}`);
}
