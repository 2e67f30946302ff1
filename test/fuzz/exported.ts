import { spawn } from "node:child_process";
import { join } from "node:path";
import { lobby } from "../../src/chat/event.ts";
import { repository } from "../support/server-process.ts";
import { exportedIn, judgeText } from "./grammar.ts";
import { Lines } from "./lines.ts";
import type { Order } from "./order.ts";
import type { Troubles } from "./troubles.ts";

interface Exported {
  readonly stream: string;
  readonly number: number;
  readonly text: string;
}

/**
 * Has everything exported that a data folder holds, in both formats. A line has to be one event with nothing
 * forbidden in it, numbered without holes in its stream, and of the room what everybody was told.
 */
export async function judgeExports(
  dataFolder: string,
  report: { readonly troubles: Troubles; readonly order: Order },
): Promise<{ readonly stored: number; readonly privateMessages: number }> {
  const counts: { readonly stored: number; readonly privateMessages: number }[] = [];
  for (const [format, read] of [
    ["text", exportedIn],
    ["json", exportedJson],
  ] as const) {
    const heads = new Map<string, number>();
    let stored = 0;
    const wrong = (what: string): void => report.troubles.wrong(`The export as ${format} has ${what}`);
    const code = await exportLines({ dataFolder, format }, (line) => {
      const hostile = judgeText(line);
      if (hostile !== undefined) wrong(hostile);
      const event = read(line);
      if (event === undefined) {
        wrong(`a line of no known form: ${JSON.stringify(line)}`);
        return;
      }
      const { stream, number, text } = event;
      const expected = (heads.get(stream) ?? 0) + 1;
      if (number !== expected) wrong(`${stream} #${number} where #${expected} is next`);
      heads.set(stream, number);
      stored += 1;
      if (stream === lobby) report.order.tell(`the export as ${format}`, text);
    });
    if (code !== 0) wrong(`ended with ${code}`);
    counts.push({ stored, privateMessages: stored - (heads.get(lobby) ?? 0) });
  }
  const [text, json] = counts;
  if (text === undefined || json === undefined || text.stored !== json.stored) {
    report.troubles.wrong(`The exports hold ${text?.stored} and ${json?.stored} events`);
  }
  return text ?? { stored: 0, privateMessages: 0 };
}

async function exportLines(
  what: { readonly dataFolder: string; readonly format: string },
  take: (line: string) => void,
): Promise<number | string> {
  const args = ["export", "--private", "--format", what.format, "--data", what.dataFolder];
  const child = spawn(process.execPath, [join(repository, "bin/roomful.js"), ...args], {
    cwd: repository,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const lines = new Lines();
  for await (const chunk of child.stdout) for (const line of lines.push(chunk as Buffer)) take(line);
  if (lines.rest !== "") return "a line without an end";
  if (child.exitCode === null && child.signalCode === null)
    await new Promise((resolve) => child.once("exit", resolve));
  return child.exitCode ?? child.signalCode ?? "no code";
}

function exportedJson(line: string): Exported | undefined {
  const event: unknown = JSON.parse(line);
  if (typeof event !== "object" || event === null) return undefined;
  const { stream, number, kind, from, text } = event as Record<string, unknown> & {
    from?: { name?: unknown };
  };
  const name = from?.name;
  if (typeof stream !== "string" || typeof number !== "number" || typeof name !== "string") return undefined;
  return {
    stream,
    number,
    text: kind === "action" ? `* ${name} ${String(text)}` : `${name}: ${String(text)}`,
  };
}
