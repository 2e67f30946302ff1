import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configuredOptions } from "../src/cli/configuration.ts";
import { environmentName, type Option } from "../src/cli/options.ts";

/** The page of settings, made from the table that the command line is read with. */
export function settingsPage(): string {
  const rows = Object.entries<Option<unknown>>(configuredOptions).map(([name, option]) => {
    const fallback = option.fallback ? `\`${option.fallback}\`` : "";
    const value = option.value.replaceAll("|", "\\|");
    return `| \`--${name} ${value}\` | \`${environmentName(name)}\` | ${fallback.replaceAll("|", "\\|")} | ${option.live ?? "restart"} | ${option.help} |`;
  });
  return [
    "# Settings",
    "",
    "Every option of `roomful serve` (and of `npm start -- …`), with the environment variable that sets it too.",
    'A config file (TOML) sets them too, by the name without the dashes: `max-line = 2048`, `flood-limit = "20/5"`,',
    '`address-limit = "off"`, `allow-host = ["chat", "chat.example.org"]`; `roomful config` prints a whole one.',
    "The command line wins over the environment, and that over the file. Times are in seconds, sizes in bytes.",
    "SIGHUP, or `reload` at the server's terminal, reads the file again: what can change then, and for whom, is in the table.",
    "",
    "| option | environment | default | SIGHUP | what it does |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    "This page is made by `npm run generate:settings`; a test keeps it true.",
    "",
  ].join("\n");
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, "..", "docs", "settings.md"), settingsPage());
}
