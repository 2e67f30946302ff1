import { printable } from "../chat/text.ts";
import { unpackEvents } from "../storage/event-columns.ts";
import { wantedFloor } from "../storage/retention.ts";
import { SqliteReader } from "../storage/sqlite-reader.ts";
import type { CommandContext } from "./context.ts";
import { defaultDataFolder, existingDatabase } from "./data-folder.ts";
import { describeOptions, readOptions, requireNoPositionals, UsageError } from "./options.ts";
import { RoomNames } from "./room-names.ts";
import { serveOptions } from "./serve-options.ts";

const options = {
  data: serveOptions.data,
  "keep-messages": serveOptions["keep-messages"],
  "keep-for": serveOptions["keep-for"],
} as const;

const help = `Usage: roomful retention [options]

Says what a server with these options would erase, stream by stream. This is a dry run: it changes nothing, and
runs beside a server too.

${describeOptions(options)}
`;

/** A dry run of what a server erases. Resolves to the exit code. */
export async function retention(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals, help: isHelp } = readOptions(options, args, context.environment);
  if (isHelp) {
    context.stdout.write(help);
    return 0;
  }
  requireNoPositionals(positionals);
  const keepMessages = values["keep-messages"];
  const keepMs = values["keep-for"];
  if (!Number.isFinite(keepMessages) && !Number.isFinite(keepMs)) {
    throw new UsageError("Cannot say what would be erased: --keep-messages or --keep-for is wanted");
  }
  const path = existingDatabase(values.data ?? defaultDataFolder(context));

  const reader = new SqliteReader(path);
  try {
    const now = Date.now();
    let erased = 0;
    let stored = 0;
    const names = new RoomNames(reader);
    const streams = reader.streams();
    for (const head of streams) {
      const timeAfter = async (number: number): Promise<number | undefined> => {
        const page = reader.after(head.stream, number, 1);
        return unpackEvents(page.events, page.number)[0]?.at;
      };
      const floor = await wantedFloor(head, { keepMessages, keepMs, now }, timeAfter);
      erased += floor - head.floor;
      stored += head.head - head.floor;
      if (floor === head.floor) continue;
      const last = new Date((await timeAfter(floor - 1)) ?? now).toISOString();
      context.stdout.write(
        `${printable(names.of(head.stream))}: ${floor - head.floor} of ${head.head - head.floor} messages, up to #${floor} of ${last}\n`,
      );
    }
    context.stdout.write(
      `${erased} of ${stored} messages of ${streams.length} streams would be erased; nothing was changed\n`,
    );
    return 0;
  } finally {
    reader.close();
  }
}
