import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { lobby } from "../../src/chat/event.ts";
import { repository } from "../support/server-process.ts";
import { exportedIn, judgeText } from "./grammar.ts";
import { Lines } from "./lines.ts";
import type { Order } from "./order.ts";
import type { Troubles } from "./troubles.ts";

/** What of an exported event both formats tell. */
interface Exported {
  readonly stream: string;
  readonly number: number;
  /** Who said it, and what. */
  readonly text: string;
}

interface Counts {
  readonly stored: number;
  readonly privateMessages: number;
}

interface Report {
  readonly troubles: Troubles;
  readonly order: Order;
}

const formats = { text: exportedIn, json: exportedJson } as const;

export const exportWitnesses: readonly string[] = Object.keys(formats).map(witnessOf);

/**
 * Has everything exported that a data folder holds, in both formats. A line has to be one event with nothing
 * forbidden in it, numbered without holes in its stream, and of the room what everybody was told.
 */
export async function judgeExports(dataFolder: string, report: Report): Promise<Counts> {
  const [text, json] = await Promise.all([
    judgeExport("text", dataFolder, report),
    judgeExport("json", dataFolder, report),
  ]);
  if (text.stored !== json.stored) {
    report.troubles.wrong(`The exports hold ${text.stored} and ${json.stored} events`);
  }
  return text;
}

async function judgeExport(
  format: keyof typeof formats,
  dataFolder: string,
  { order, troubles }: Report,
): Promise<Counts> {
  const wrong = (what: string): void => troubles.wrong(`${witnessOf(format)} has ${what}`);
  const heads = new Map<string, number>();
  let stored = 0;
  const take = (line: string): void => {
    const hostile = judgeText(line);
    if (hostile !== undefined) wrong(hostile);
    const event = formats[format](line);
    if (event === undefined) {
      wrong(`a line of no known form: ${JSON.stringify(line)}`);
      return;
    }
    const { stream, number, text } = event;
    const expected = (heads.get(stream) ?? 0) + 1;
    if (number !== expected) wrong(`${stream} #${number} where #${expected} is next`);
    heads.set(stream, number);
    stored += 1;
    if (stream === lobby) order.tell(witnessOf(format), text);
  };
  const args = ["export", "--private", "--format", format, "--data", dataFolder];
  const child = spawn(process.execPath, [join(repository, "bin/roomful.js"), ...args], {
    cwd: repository,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  const lines = new Lines();
  for await (const chunk of child.stdout) for (const line of lines.push(chunk as Buffer)) take(line);
  const [code] = await ended;
  if (code !== 0) wrong(`ended with ${String(code)}`);
  if (lines.rest !== "") wrong(`an end within a line: ${JSON.stringify(lines.rest)}`);
  return { stored, privateMessages: stored - (heads.get(lobby) ?? 0) };
}

function witnessOf(format: string): string {
  return `the export as ${format}`;
}

function exportedJson(line: string): Exported | undefined {
  const event = JSON.parse(line) as Partial<Exported> & {
    readonly kind?: string;
    readonly from?: { name?: string };
  };
  const { stream, number, kind, from, text } = event;
  if (stream === undefined || number === undefined || text === undefined) return undefined;
  return { stream, number, text: kind === "action" ? `* ${from?.name} ${text}` : `${from?.name}: ${text}` };
}
