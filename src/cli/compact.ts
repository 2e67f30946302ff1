import { dirname } from "node:path";
import { showBytes } from "../server/show-bytes.ts";
import { compactFolder } from "../storage/compact.ts";
import type { CommandContext } from "./context.ts";
import { defaultDataFolder, existingDatabase } from "./data-folder.ts";
import { describeOptions, readOptions, requireNoPositionals } from "./options.ts";
import { serveOptions } from "./serve-options.ts";

const options = { data: serveOptions.data } as const;

const help = `Usage: roomful compact [options]

Makes the database as small as what it holds, after old messages were erased. The server must not be running on
the folder, and the disk needs room for the database twice more while it lasts.

${describeOptions(options)}
`;

/** Shrinks the database of a data folder. Resolves to the exit code. */
export async function compact(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals, help: isHelp } = readOptions(options, args, context.environment);
  if (isHelp) {
    context.stdout.write(help);
    return 0;
  }
  requireNoPositionals(positionals);
  const path = existingDatabase(values.data ?? defaultDataFolder(context));
  const { beforeBytes, afterBytes } = compactFolder(dirname(path));
  context.stderr.write(`Compacted from ${showBytes(beforeBytes)} to ${showBytes(afterBytes)}\n`);
  return 0;
}
