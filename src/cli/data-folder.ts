import { existsSync } from "node:fs";
import { join } from "node:path";
import { databaseName } from "../storage/data-folder.ts";
import type { CommandContext } from "./context.ts";
import { UsageError } from "./options.ts";

type Home = Pick<CommandContext, "environment" | "homeFolder" | "platform">;

/** Where the user's own data belongs: by the XDG base directory specification, or as macOS and Windows have it. */
export function defaultDataFolder(context: Home): string {
  return userFolder(context, {
    xdg: "XDG_DATA_HOME",
    fallback: [".local", "share"],
    windows: ["LOCALAPPDATA", "Local"],
  });
}

/** The config file that is read where none is named: in the user's config folder, by the same rules. */
export function defaultConfigFile(context: Home): string {
  const folder = userFolder(context, {
    xdg: "XDG_CONFIG_HOME",
    fallback: [".config"],
    windows: ["APPDATA", "Roaming"],
  });
  return join(folder, "config.toml");
}

function userFolder(
  { environment, homeFolder, platform }: Home,
  names: {
    readonly xdg: string;
    readonly fallback: readonly string[];
    readonly windows: readonly [variable: string, folder: string];
  },
): string {
  const xdg = environment[names.xdg];
  if (xdg !== undefined && xdg.startsWith("/")) return join(xdg, "roomful");
  if (platform === "darwin") return join(homeFolder, "Library", "Application Support", "roomful");
  if (platform === "win32") {
    const [variable, folder] = names.windows;
    return join(environment[variable] ?? join(homeFolder, "AppData", folder), "roomful");
  }
  return join(homeFolder, ...names.fallback, "roomful");
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
