import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { lobby } from "../../src/chat/event.ts";
import { repository } from "../support/server-process.ts";
import { exportedIn, judgeText, saidLines } from "./grammar.ts";
import type { Ledger } from "./ledger.ts";
import { Lines } from "./lines.ts";
import type { Order } from "./order.ts";
import type { Troubles } from "./troubles.ts";

/** An event as JSON. */
interface Exported {
  readonly stream: string;
  /** What the text format has in its place, for those that are rooms. */
  readonly room?: string;
  readonly number: number;
  readonly id: string;
  readonly kind: string;
  readonly from: { readonly name: string };
  readonly text: string;
}

interface Counts {
  readonly stored: number;
  readonly privateMessages: number;
}

interface Report {
  readonly troubles: Troubles;
  readonly order: Order;
  readonly ledger: Ledger;
}

type Format = "json" | "text";

export const exportWitnesses: readonly string[] = (["json", "text"] as const).map(witnessOf);

const speech: ReadonlySet<string> = new Set(["text", "action", "notice", "removed"]);

/**
 * Has everything exported that a data folder holds, in both formats. A line has to be one event with nothing
 * forbidden in it, numbered without holes in its stream, and of the room what everybody was told.
 */
export async function judgeExports(dataFolder: string, report: Report): Promise<Counts> {
  const { ledger, order } = report;
  /** What the events of the lobby are, in order: in the other format one cannot always tell. */
  const kinds: string[] = [];
  /** The text format says nothing of what people are not to see anything of. */
  const unsaid = new Set<string>();
  let privateMessages = 0;
  const json = new Numbers("json", report, new Set());
  await exportLines(dataFolder, "json", report, (line) => {
    const { stream, room, number, id, kind, from, text } = JSON.parse(line) as Exported;
    json.take(stream, number);
    ledger.store({ id, kind, text });
    if (kind === "signal" && text === "") unsaid.add(placeOf(room ?? stream, number));
    if (stream.startsWith("dm:") && speech.has(kind)) privateMessages += 1;
    if (stream !== lobby) return;
    kinds.push(kind);
    if (kind === "removed") order.skip(witnessOf("json"));
    for (const said of saidLines(kind, from.name, text)) order.tell(witnessOf("json"), said);
  });
  const text = new Numbers("text", report, unsaid);
  await exportLines(dataFolder, "text", report, (line) => {
    const event = exportedIn(line);
    if (event === undefined) {
      report.troubles.wrong(`${witnessOf("text")} has a line of no known form: ${JSON.stringify(line)}`);
      return;
    }
    text.take(event.stream, event.number);
    if (event.stream !== lobby) return;
    const kind = kinds[event.number - 1] ?? "";
    if (kind === "removed") order.skip(witnessOf("text"));
    else if (speech.has(kind)) order.tell(witnessOf("text"), event.text);
  });
  if (text.stored + unsaid.size !== json.stored) {
    report.troubles.wrong(
      `The exports hold ${json.stored} and ${text.stored} events, ${unsaid.size} of them unsaid`,
    );
  }
  return { stored: json.stored, privateMessages };
}

function placeOf(stream: string, number: number): string {
  return `${stream} ${number}`;
}

/** The numbers of the events, which have no holes; a message of several lines has as many in the text format. */
class Numbers {
  stored = 0;
  readonly #heads = new Map<string, number>();
  readonly #format: Format;
  readonly #report: Report;
  readonly #unsaid: ReadonlySet<string>;

  constructor(format: Format, report: Report, unsaid: ReadonlySet<string>) {
    this.#format = format;
    this.#report = report;
    this.#unsaid = unsaid;
  }

  take(stream: string, number: number): void {
    let head = this.#heads.get(stream) ?? 0;
    if (this.#format === "text" && number === head) return;
    while (this.#unsaid.has(placeOf(stream, head + 1))) head += 1;
    if (number !== head + 1) {
      this.#report.troubles.wrong(
        `${witnessOf(this.#format)} has ${stream} #${number} where #${head + 1} is next`,
      );
    }
    this.#heads.set(stream, number);
    this.stored += 1;
  }
}

async function exportLines(
  dataFolder: string,
  format: Format,
  { troubles }: Report,
  take: (line: string) => void,
): Promise<void> {
  const wrong = (what: string): void => troubles.wrong(`${witnessOf(format)} has ${what}`);
  const args = ["export", "--private", "--format", format, "--data", dataFolder];
  const child = spawn(process.execPath, [join(repository, "bin/roomful.js"), ...args], {
    cwd: repository,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(child, "close");
  const lines = new Lines();
  for await (const chunk of child.stdout) {
    for (const line of lines.push(chunk as Buffer)) {
      const hostile = judgeText(line);
      if (hostile !== undefined) wrong(hostile);
      take(line);
    }
  }
  const [code] = await ended;
  if (code !== 0) wrong(`ended with ${String(code)}`);
  if (lines.rest !== "") wrong(`an end within a line: ${JSON.stringify(lines.rest)}`);
}

function witnessOf(format: Format): string {
  return `the export as ${format}`;
}
