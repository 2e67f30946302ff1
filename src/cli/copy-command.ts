import { constants } from "node:os";
import { showBytes } from "../server/show-bytes.ts";
import type { CopyOptions, CopySummary } from "../storage/backup.ts";
import type { CommandContext } from "./context.ts";
import { defaultDataFolder } from "./data-folder.ts";
import { describeOptions, nonEmpty, type Option, readOptions, UsageError } from "./options.ts";
import { CopyProgress } from "./progress.ts";

/** What differs between `backup` and `restore`. */
export interface CopyCommand<S extends CopySummary> {
  readonly name: "backup" | "restore";
  /** What is said while it runs: `Backed up 3 MiB of …`. */
  readonly verb: string;
  readonly help: string;
  readonly dataHelp: string;
  readonly overwriteHelp: string;
  readonly copy: (file: string, folder: string, options: CopyOptions) => Promise<S>;
  /** What is said at the end, after how much it was. */
  readonly done: (summary: S, file: string, folder: string) => string;
}

/** Runs a command that copies between a file and a data folder. Resolves to the exit code. */
export async function runCopy<S extends CopySummary>(
  command: CopyCommand<S>,
  args: readonly string[],
  context: CommandContext,
): Promise<number> {
  const options = {
    data: {
      value: "FOLDER",
      help: command.dataHelp,
      fallback: undefined,
      parse: nonEmpty,
      wanted: "a folder",
    } as Option<string | undefined>,
  };
  const overwrite = args.includes("--overwrite");
  const rest = args.filter((arg) => arg !== "--overwrite");
  const { values, positionals, help } = readOptions(options, rest, context.environment);
  if (help) {
    const flag = `  --overwrite    ${command.overwriteHelp}`;
    context.stdout.write(
      `Usage: roomful ${command.name} FILE [options]\n\n${command.help}\n\n${flag}\n${describeOptions(options)}\n`,
    );
    return 0;
  }
  const [file, ...more] = positionals;
  if (file === undefined || file === "" || more.length > 0) {
    throw new UsageError(`Cannot ${command.name}: one file is wanted, as in roomful ${command.name} room.db`);
  }
  const folder = values.data ?? defaultDataFolder(context);
  const ending = new AbortController();
  let exitCode = 0;
  context.onSignal((signal) => {
    // As shells say it of a command that a signal ended.
    exitCode = 128 + constants.signals[signal];
    ending.abort();
  });
  const progress = new CopyProgress(command.verb, context.stderr, () => performance.now());
  try {
    const summary = await command.copy(file, folder, {
      overwrite,
      signal: ending.signal,
      progress: (step) => progress.show(step),
    });
    const size = `${summary.messages} messages of ${summary.streams} streams, ${showBytes(summary.bytes)}`;
    progress.end(`${command.verb} ${size}${command.done(summary, file, folder)}`);
    return 0;
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    progress.end(`roomful: The ${command.name} was interrupted; nothing was changed`);
    return exitCode;
  }
}
