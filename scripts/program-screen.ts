import { join } from "node:path";
import pty from "@lydell/node-pty";
import xterm from "@xterm/headless";
import { wideEmoji } from "../test/client/wide-emoji.ts";

/** Of the repository. */
export const root: string = join(import.meta.dirname, "..");

/** What a program shows in a pseudo-terminal of its own. */
export interface Screen {
  readonly title: string;
  readonly terminal: xterm.Terminal;
  readonly process: pty.IPty;
  readonly exit: Promise<unknown>;
}

/** Types, and waits until what came of it is on the screen. */
export async function type(screen: Screen, keys: string, shown: string): Promise<void> {
  screen.process.write(keys);
  await until(screen, shown);
}

/** Starts a program, whose home is below the folder. */
export function open(
  title: string,
  command: readonly [string, ...string[]],
  {
    rows,
    columns = 100,
    folder,
  }: { readonly rows: number; readonly columns?: number; readonly folder: string },
): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.unicode.register(wideEmoji);
  terminal.unicode.activeVersion = wideEmoji.version;
  const [file, ...args] = command;
  const env = {
    PATH: process.env["PATH"],
    HOME: join(folder, title.slice(0, 3)),
    LANG: "C.UTF-8",
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    TZ: "UTC",
  };
  const program = pty.spawn(file, args, { cols: columns, rows, cwd: root, env });
  program.onData((data) => terminal.write(data));
  const exit = new Promise((resolve) => program.onExit(resolve));
  return { title, terminal, process: program, exit };
}

function linesOf({ terminal }: Screen): readonly string[] {
  const { active } = terminal.buffer;
  return Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? "");
}

/** Resolves when this stands on the screen. */
export async function until(screen: Screen, text: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!linesOf(screen).join("\n").includes(text)) {
    if (performance.now() > deadline) {
      throw new Error(`"${text}" did not appear at ${screen.title}:\n${linesOf(screen).join("\n")}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
