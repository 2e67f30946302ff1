import { writeBackup } from "../storage/backup.ts";
import type { CommandContext } from "./context.ts";
import { runCopy } from "./copy-command.ts";
import { existingDatabase } from "./data-folder.ts";

/** Copies what is stored at one moment to a file, also beside a running server. */
export function backup(args: readonly string[], context: CommandContext): Promise<number> {
  return runCopy(
    {
      name: "backup",
      verb: "Backed up",
      help: `Copies everything that is stored when it begins to one file, also beside a running server, and reads the
copy back before it appears. Keep it as safe as the data folder: it holds private messages, and the secret
that people come back with.`,
      dataHelp: "the folder to copy from; default: the user's own data folder",
      overwriteHelp: "replace FILE where it is there already",
      copy: async (file, folder, options) => writeBackup(existingDatabase(folder), file, options),
      done: (_summary, file) => `, to ${file}`,
    },
    args,
    context,
  );
}
