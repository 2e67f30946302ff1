import { once } from "node:events";
import { isRoom, isShown, partiesOf, type StoredEvent } from "../chat/event.ts";
import { printable, printableLines } from "../chat/text.ts";
import { roomNews } from "../protocols/line/render.ts";
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
  UsageError,
} from "./options.ts";
import { RoomNames } from "./room-names.ts";

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
  room: {
    value: "ROOM",
    help: "this room alone, by its name or its stream",
    fallback: undefined,
    parse: nonEmpty,
    wanted: "a room",
  } as Option<string | undefined>,
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
    const names = new RoomNames(reader);
    const streams = reader.streams().filter(({ stream }) => {
      if (values.room !== undefined) return isRoom(stream) && names.isMeant(stream, values.room);
      return withPrivate || partiesOf(stream) === undefined;
    });
    if (values.room !== undefined && streams.length === 0) {
      throw new UsageError(`Cannot export "${values.room}": nothing was said in a room of this name`);
    }
    const line = values.format === "json" ? jsonLine : textLine;
    const show = (event: StoredEvent): string => line(event, names.of(event.stream));
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

/** `room`: what the room is called now, which the event may be older than. */
function jsonLine(event: StoredEvent, room: string): string {
  const { stream, at, ...rest } = event;
  const named = isRoom(stream) ? { stream, room, ...rest } : { stream, ...rest };
  return `${JSON.stringify({ ...named, at: new Date(at).toISOString() })}\n`;
}

function textLine(event: StoredEvent, where: string): string {
  const name = printable(event.to === undefined ? event.from.name : `${event.from.name} -> ${event.to.name}`);
  const start = `${printable(where)} #${event.number} ${new Date(event.at).toISOString()}`;
  return saidBy(name, event)
    .map((said) => `${start} ${said}\n`)
    .join("");
}

/** What it was, in as many lines as it has. */
function saidBy(name: string, event: StoredEvent): readonly string[] {
  const { kind, text } = event;
  const lines = printableLines(text);
  switch (kind) {
    case "removal":
      return [`* ${name} removed a message${text === "" ? "" : `: ${printable(text)}`}`];
    case "removed":
      return [`* a message of ${name} was removed`];
    case "signal":
      return isShown(event) ? [`* ${name} reacted: ${printable(text)}`] : [];
    case "action":
      return lines.map((line) => `* ${name} ${line}`);
    case "text":
    case "notice":
    case "announcement":
      return lines.map((line) => `${name}: ${line}`);
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
      return [`* ${printable(roomNews(event))}`];
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
