import { join } from "node:path";
import type { CommandContext } from "./context.ts";

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
