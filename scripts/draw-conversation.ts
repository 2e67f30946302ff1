import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open, root, type Screen, type, until } from "./program-screen.ts";
import { pictureOf } from "./terminal-picture.ts";

/**
 * Draws the README's picture from the real programs: a server, Bob at `nc` and three people in our client, each in a
 * pseudo-terminal of its own. Alice's and Bob's are shown. Needs `nc`, and nobody else on the default port.
 */
/** Holds the conversation and draws it. */
async function picture(folder: string): Promise<string> {
  const screens: Screen[] = [];
  const start = async (
    title: string,
    command: readonly [string, ...string[]],
    { rows, shown }: { readonly rows: number; readonly shown: string },
  ): Promise<Screen> => {
    const screen = open(title, command, { rows, folder });
    screens.push(screen);
    await until(screen, shown);
    return screen;
  };
  const roomful = [process.execPath, "bin/roomful.js"] as const;
  const client = (name: string, rows = 24): Promise<Screen> => {
    const command = [...roomful, "join", `${name}@localhost`] as const;
    return start(`${name}: roomful join ${name}@localhost`, command, { rows, shown: "● connected" });
  };
  try {
    await start("server", [...roomful, "serve", "--data", join(folder, "data")], {
      rows: 24,
      shown: "docs/websocket.md",
    });
    const bob = open("Bob: nc localhost 5173", ["nc", "localhost", "5173"], { rows: 12, folder });
    screens.push(bob);
    await type(bob, "Bob\r", "Online Users");
    const layla = await client("Layla");
    const lin = await client("小林");
    await type(bob, "Good morning! Who is coming up the mountain on Sunday?\r", "Sunday?");
    await until(layla, "Sunday?");
    await type(layla, "صباح الخير! أنا قادمة 🥾\r", "✓│ صباح");
    await until(lin, "صباح");
    await type(lin, "我也来！天气预报说是晴天。\r", "✓│ 我也来");
    const alice = await client("Alice", 17);
    await until(alice, "我也来");
    await type(alice, "Count me in 🎒 Where do we meet?\r", "✓│ Count");
    await until(bob, "Where do we meet?");
    await type(bob, "At the station at eight. Alice, do you still have the map?\r", "the map?");
    await until(alice, "the map?");
    // Alt-Up chooses the last message, Enter replies to it.
    await type(alice, "\x1b\x1b[A", "▶");
    await type(alice, "\r", "↳ reply to Bob");
    await type(alice, "Yes, and I have marked a place for lunch.\r", "│ Yes, and");
    await until(lin, "for lunch.");
    await type(lin, "/me 准备了茶 🍵\r", "准备了茶");
    await until(layla, "准备了茶");
    await type(layla, "/pm Alice Shall I pick you up at seven?\r", "(to Alice)");
    await until(alice, "pick you up");
    await type(alice, "/pm Layla Gladly, thank you!\r", "✓│ (to Layla)");
    await client("Dana");
    await until(alice, "Dana joined");
    await type(bob, "Hello Dana! Are you joining us on Sunday?\r", "joining us");
    await until(alice, "joining us");
    await type(alice, "See you all on Sun", "Alice> See you all on Sun");
    await until(alice, " ms  localhost");
    return pictureOf([
      { title: alice.title, terminal: alice.terminal, hasCursor: true },
      { title: bob.title, terminal: bob.terminal },
    ]);
  } finally {
    for (const screen of screens.reverse()) {
      screen.process.kill("SIGTERM");
      await screen.exit;
    }
  }
}

const folder = mkdtempSync(join(tmpdir(), "roomful-picture-"));
try {
  writeFileSync(join(root, "docs", "pictures", "conversation.svg"), await picture(folder));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
