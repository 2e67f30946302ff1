import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../test/browser/chromium.ts";
import { open, root, type Screen, type, until } from "./program-screen.ts";
import { pictureOf } from "./terminal-picture.ts";

/**
 * Draws the README's picture from the real programs: a server, Alice in a browser, Lin in our client and Bob in WeeChat,
 * in one conversation. Needs `weechat`, and nobody else on the default port.
 */
const browserSize = { width: 980, height: 800 };
const wide = { columns: 78, rows: 23 };

/** Types into the message box of the page, and waits until what came of it is there. */
async function say(page: Page, text: string, shown: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Message to/ }).fill(text);
  await page.keyboard.press("Enter");
  await page.getByRole("article").filter({ hasText: shown }).first().waitFor();
}

/** Resolves when the page shows this. */
async function shows(page: Page, text: string): Promise<void> {
  await page.getByRole("article").filter({ hasText: text }).first().waitFor();
}

async function converse(browser: Browser, folder: string, screens: Screen[]): Promise<void> {
  const start = async (
    title: string,
    command: readonly [string, ...string[]],
    { rows, columns, shown }: { readonly rows: number; readonly columns: number; readonly shown: string },
  ): Promise<Screen> => {
    const screen = open(title, command, { rows, columns, folder });
    screens.push(screen);
    await until(screen, shown);
    return screen;
  };
  const roomful = [process.execPath, "bin/roomful.js"] as const;
  await start("server", [...roomful, "serve", "--data", join(folder, "data")], {
    ...wide,
    rows: 40,
    shown: "Listening",
  });
  const page = await browser.newPage({ viewport: browserSize, colorScheme: "light", timezoneId: "UTC" });
  await page.goto("http://localhost:5173/");
  await page.getByRole("textbox", { name: "Your name" }).fill("Alice");
  await page.keyboard.press("Enter");
  await say(page, "Good morning! Who is coming up the mountain on Sunday?", "Sunday?");
  const lin = await start("小林: npm run join", [...roomful, "join", "小林@localhost"], {
    ...wide,
    shown: "● connected",
  });
  const weechat = [
    "weechat",
    ...["-d", join(folder, "weechat")],
    ...["-r", "/set weechat.look.buffer_time_format %H:%M"],
    ...["-r", "/set irc.look.server_buffer independent"],
    ...[
      "-r",
      "/server add roomful localhost/5173 -notls -nicks=Bob -username=bob -realname=Bob -autojoin=#lobby",
    ],
    ...["-r", "/connect roomful"],
  ] as const;
  const bob = await start("Bob: WeeChat", weechat, { ...wide, shown: "Sunday?" });
  await type(lin, "我也来！天气预报说是晴天。\r", "✓│ 我也来");
  await shows(page, "我也来");
  await type(bob, "I am in. At the station at eight?\r", "at eight?");
  await shows(page, "at eight?");
  const answered = page.getByRole("article").filter({ hasText: "at eight?" });
  await answered.hover();
  await answered.getByRole("button", { name: "Reply to Bob" }).click();
  await say(page, "At eight. I have marked a place for lunch: https://example.org/map", "a place for lunch");
  await until(lin, "for lunch");
  await type(lin, "/me 准备了茶 🍵\r", "准备了茶");
  await until(bob, "准备了茶");
  await say(page, "/join #garden", "You made #garden");
  await page.getByRole("button", { name: /^#lobby/ }).click();
  // WeeChat keeps it where nobody looks.
  bob.process.write("/msg Alice Shall I pick you up at seven?\r");
  await page.getByRole("button", { name: /^Bob/ }).first().waitFor();
  await type(bob, "Alice: bring your camera 📷\r", "camera");
  await shows(page, "camera");
  await until(lin, "camera");
  await page.getByRole("textbox", { name: /^Message to/ }).fill("See you all on Sun");
  await page.screenshot({ path: join(folder, "browser.png") });
}

/** The browser at the left, the two terminals at the right. */
async function compose(browser: Browser, folder: string, screens: readonly Screen[]): Promise<Buffer> {
  const pictures = screens
    .filter(({ title }) => title !== "server")
    .map(({ title, terminal }) => pictureOf([{ title, terminal }]));
  const page = await browser.newPage({ viewport: { width: 1660, height: 900 } });
  await page.setContent(`<!doctype html><style>
    body { margin: 0; padding: 28px; display: grid; grid-template-columns: ${browserSize.width}px 1fr; gap: 24px;
      background: #dfe4de; width: max-content }
    .window { border-radius: 12px; overflow: hidden; box-shadow: 0 10px 36px #0003; align-self: start }
    .bar { font: 13px sans-serif; color: #55594f; background: #f7f6f2; padding: 9px 16px; border-bottom: 1px solid #ddd }
    .terminals { display: grid; gap: 20px; align-content: space-between }
    svg { display: block; width: 600px; height: auto }
    img { display: block }</style>
    <div class="window"><div class="bar">Alice: http://localhost:5173/</div><img id="browser"></div>
    <div class="terminals">${pictures.map((picture) => `<div class="window">${picture}</div>`).join("")}</div>`);
  const { readFileSync } = await import("node:fs");
  const source = `data:image/png;base64,${readFileSync(join(folder, "browser.png")).toString("base64")}`;
  await page.locator("#browser").evaluate((image, src) => image.setAttribute("src", src), source);
  await page.locator("#browser").evaluate((image) => image.decode());
  return page.locator("body").screenshot({ path: join(root, "docs", "pictures", "together.png") });
}

try {
  execFileSync("weechat", ["--version"], { stdio: "ignore" });
} catch {
  throw new Error('Cannot draw the picture: "weechat" is not on the PATH (apt-get install weechat-curses)');
}
const folder = mkdtempSync(join(tmpdir(), "roomful-picture-"));
const screens: Screen[] = [];
const browser = await launchChromium();
try {
  await converse(browser, folder, screens);
  await compose(browser, folder, screens);
} finally {
  await browser.close();
  for (const screen of screens.reverse()) {
    screen.process.kill("SIGTERM");
    await screen.exit;
  }
  rmSync(folder, { recursive: true, force: true });
}
