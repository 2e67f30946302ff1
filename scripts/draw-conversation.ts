import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";

/**
 * Draws the README's picture from the real programs: a server, two people at `nc` and one in our client, each
 * in a pseudo-terminal. Needs `nc`.
 */
const root = join(import.meta.dirname, "..");
const columns = 58;
const rows = 24;

interface Screen {
  readonly title: string;
  readonly terminal: xterm.Terminal;
  readonly process: pty.IPty;
}

function open(title: string, command: readonly [string, ...string[]]): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const [file, ...args] = command;
  const process_ = pty.spawn(file, args, { cols: columns, rows, cwd: root });
  process_.onData((data) => terminal.write(data));
  return { title, terminal, process: process_ };
}

function linesOf({ terminal }: Screen): readonly string[] {
  const { active } = terminal.buffer;
  const lines = Array.from(
    { length: active.length },
    (_, at) => active.getLine(at)?.translateToString(true) ?? "",
  );
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

async function until(screen: Screen, text: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!linesOf(screen).join("\n").includes(text)) {
    if (performance.now() > deadline) throw new Error(`"${text}" did not appear at ${screen.title}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function converse(folder: string): Promise<readonly Screen[]> {
  const node = process.execPath;
  const server = open("server", [node, "bin/roomful.js", "serve", "--port", "5173", "--data", folder]);
  const screens = [server];
  const enter = async (screen: Screen): Promise<Screen> => {
    screens.push(screen);
    await until(screen, "Online Users");
    return screen;
  };
  try {
    await until(server, "docs/websocket.md");
    const netcat = async (name: string): Promise<Screen> => {
      const screen = open(`${name}: nc localhost 5173`, ["nc", "127.0.0.1", "5173"]);
      screen.process.write(`${name}\r`);
      return enter(screen);
    };
    const alice = await netcat("Alice");
    const bob = await enter(
      open("Bob: npm run join -- --plain Bob@localhost", [
        node,
        "bin/roomful.js",
        "join",
        "--plain",
        "Bob@127.0.0.1",
      ]),
    );
    alice.process.write("Hello Bob!\r");
    await until(bob, "Hello Bob!");
    bob.process.write("Hi Alice! How are you?\r");
    await until(alice, "How are you?");
    const charlie = await netcat("Charlie");
    charlie.process.write("Hi everyone! 👋\r");
    await until(bob, "Hi everyone!");
    alice.process.write("/pm Bob Lunch at noon?\r");
    await until(bob, "Lunch at noon?");
    bob.process.write("/pm Alice Gladly\r");
    await until(alice, "Gladly");
    return [alice, bob, charlie];
  } finally {
    for (const screen of screens) screen.process.kill();
  }
}

const cell = { width: 8.4, height: 18, top: 30 };

function panel(screen: Screen, x: number): string {
  const lines = linesOf(screen).map((line, at) => {
    const y = cell.top + (at + 1.2) * cell.height;
    return `<text x="${x + 12}" y="${y}" xml:space="preserve">${escape(line)}</text>`;
  });
  const size = `width="${columns * cell.width + 16}" height="${rows * cell.height + cell.top + 16}"`;
  return [
    `<rect x="${x}" y="0" ${size} rx="8" fill="#16181d"/>`,
    `<text x="${x + 12}" y="22" fill="#8b93a5">${escape(screen.title)}</text>`,
    ...lines,
  ].join("\n");
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

const folder = mkdtempSync(join(tmpdir(), "roomful-picture-"));
try {
  const screens = await converse(folder);
  const step = columns * cell.width + 28;
  const height = rows * cell.height + cell.top + 16;
  const body = screens.map((screen, at) => panel(screen, at * step)).join("\n");
  const picture = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${Math.round(step * screens.length)} ${Math.round(height)}" font-family="ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#dfe3ea">\n${body}\n</svg>\n`;
  writeFileSync(join(root, "docs", "pictures", "conversation.svg"), picture);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
