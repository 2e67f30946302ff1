import { restoreBackup } from "../storage/restore.ts";
import type { CommandContext } from "./context.ts";
import { runCopy } from "./copy-command.ts";

/** Makes a backup what a data folder holds. */
export function restore(args: readonly string[], context: CommandContext): Promise<number> {
  return runCopy(
    {
      name: "restore",
      verb: "Restored",
      help: `Makes a backup what the data folder holds; the server must not be running on it. The backup is checked
first. Programs that resume are told that what was said after the backup is lost.`,
      dataHelp: "the folder to restore to; default: the user's own data folder",
      overwriteHelp: "replace what the folder holds already; that is kept beside it, under a dated name",
      copy: (file, folder, options) => restoreBackup(file, folder, { ...options, now: new Date() }),
      done: ({ keptAside }, _file, folder) =>
        `, to ${folder}${keptAside === undefined ? "" : `\nWhat was there is kept as ${keptAside}`}`,
    },
    args,
    context,
  );
}
