import { existsSync } from "node:fs";
import { join } from "node:path";
import { databaseName } from "../storage/data-folder.ts";
import type { CommandContext } from "./context.ts";
import { UsageError } from "./options.ts";

/** Where the user's own data belongs: by the XDG base directory specification, or as macOS and Windows have it. */
export function defaultDataFolder(
  context: Pick<CommandContext, "environment" | "homeFolder" | "platform">,
): string {
  const { environment, homeFolder, platform } = context;
  const xdg = environment["XDG_DATA_HOME"];
  if (xdg !== undefined && xdg.startsWith("/")) return join(xdg, "roomful");
  if (platform === "darwin") return join(homeFolder, "Library", "Application Support", "roomful");
  if (platform === "win32")
    return join(environment["LOCALAPPDATA"] ?? join(homeFolder, "AppData", "Local"), "roomful");
  return join(homeFolder, ".local", "share", "roomful");
}

/**
 * The database in a folder, for a command that reads what is there.
 *
 * @throws UsageError where there is none.
 */
export function existingDatabase(folder: string): string {
  const path = join(folder, databaseName);
  if (!existsSync(path)) throw new UsageError(`Cannot read --data: "${path}" does not exist`);
  return path;
}
