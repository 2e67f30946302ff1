import { once } from "node:events";
import { partiesOf, type StoredEvent } from "../chat/event.ts";
import { printable, printableLines } from "../chat/text.ts";
import { unpackEvents } from "../storage/event-columns.ts";
import { SqliteReader } from "../storage/sqlite-reader.ts";
import type { StreamHead } from "../storage/store.ts";
import type { CommandContext } from "./context.ts";
import { defaultDataFolder, existingDatabase } from "./data-folder.ts";
import {
  describeOptions,
  nonEmpty,
  type Option,
  oneOf,
  readOptions,
  requireNoPositionals,
} from "./options.ts";

const exportOptions = {
  data: {
    value: "FOLDER",
    help: "the folder to read; default: the user's own data folder",
    fallback: undefined,
    parse: nonEmpty,
    wanted: "a folder",
  } as Option<string | undefined>,
  format: {
    value: "json|text",
    help: "a JSON object a line, or lines for people",
    fallback: "json",
    parse: oneOf("json", "text"),
    wanted: '"json" or "text"',
  },
} as const;

const exportHelp = `Usage: roomful export [--private] [options]

Prints what is stored to standard output, stream by stream in order, also beside a running server.

  --private  private conversations too
${describeOptions(exportOptions)}
`;

const pageEvents = 1000;
const progressEveryEvents = 10_000;

/** Writes everything that is stored when it begins to standard output, with progress on standard error. */
export async function exportStreams(args: readonly string[], context: CommandContext): Promise<number> {
  const withPrivate = args.includes("--private");
  const rest = args.filter((arg) => arg !== "--private");
  const { values, positionals, help } = readOptions(exportOptions, rest, context.environment);
  if (help) {
    context.stdout.write(exportHelp);
    return 0;
  }
  requireNoPositionals(positionals);
  const path = existingDatabase(values.data ?? defaultDataFolder(context));

  const reader = new SqliteReader(path);
  try {
    const streams = reader.streams().filter(({ stream }) => withPrivate || partiesOf(stream) === undefined);
    const show = values.format === "json" ? jsonLine : textLine;
    const progress = new Progress(streams, context.stderr);
    for (const stream of streams) {
      for (const events of pagesOf(reader, stream)) {
        // Waiting for a slow reader of the output keeps memory flat however much is stored.
        if (!context.stdout.write(events.map(show).join(""))) await once(context.stdout, "drain");
        progress.add(events.length);
      }
    }
    progress.end();
    return 0;
  } finally {
    reader.close();
  }
}

/** A stream up to the head that it had at the beginning; what comes in meanwhile is not chased. */
function* pagesOf(
  reader: SqliteReader,
  { stream, floor, head }: StreamHead,
): Generator<readonly StoredEvent[]> {
  let number = floor;
  while (number < head) {
    const page = reader.after(stream, number, Math.min(pageEvents, head - number));
    const events = unpackEvents(page.events, page.number);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events;
    number = last.number;
  }
}

function jsonLine(event: StoredEvent): string {
  const { at, ...rest } = event;
  return `${JSON.stringify({ ...rest, at: new Date(at).toISOString() })}\n`;
}

function textLine(event: StoredEvent): string {
  const name = printable(event.to === undefined ? event.from.name : `${event.from.name} -> ${event.to.name}`);
  const start = `${event.stream} #${event.number} ${new Date(event.at).toISOString()}`;
  return saidBy(name, event)
    .map((said) => `${start} ${said}\n`)
    .join("");
}

/** What it was, in as many lines as it has. */
function saidBy(name: string, { kind, text }: StoredEvent): readonly string[] {
  const lines = printableLines(text);
  switch (kind) {
    case "removal":
      return [`* ${name} removed a message${text === "" ? "" : `: ${printable(text)}`}`];
    case "removed":
      return [`* a message of ${name} was removed`];
    case "action":
      return lines.map((line) => `* ${name} ${line}`);
    case "text":
    case "notice":
    case "announcement":
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
      return lines.map((line) => `${name}: ${line}`);
  }
}

/** How far an export is, on a line of its own at a terminal and every now and then in a log. */
class Progress {
  readonly #total: number;
  readonly #streams: number;
  readonly #stderr: NodeJS.WriteStream;
  #done = 0;
  #shown = 0;

  constructor(streams: readonly StreamHead[], stderr: NodeJS.WriteStream) {
    this.#total = streams.reduce((sum, { floor, head }) => sum + head - floor, 0);
    this.#streams = streams.length;
    this.#stderr = stderr;
  }

  add(events: number): void {
    this.#done += events;
    if (this.#done - this.#shown < progressEveryEvents) return;
    this.#shown = this.#done;
    const percent = Math.floor((100 * this.#done) / this.#total);
    this.#write(`Exported ${this.#done} of ${this.#total} messages (${percent} %)`, this.#stderr.isTTY);
  }

  end(): void {
    this.#write(`Exported ${this.#done} messages of ${this.#streams} streams`, false);
  }

  #write(text: string, passing: boolean): void {
    const start = this.#stderr.isTTY ? "\r\x1b[K" : "";
    this.#stderr.write(`${start}${text}${passing ? "" : "\n"}`);
  }
}
