import { configLine } from "./config-file.ts";
import { type Configuration, configuredOptions, readConfiguration } from "./configuration.ts";
import type { CommandContext } from "./context.ts";
import { describeOptions, type Option } from "./options.ts";
import { serveOptions } from "./serve-options.ts";

const configHelp = `Usage: roomful config [options]

Prints the configuration that roomful serve would run with, given the same options, as a config file, with a
comment at each line that says where the value came from.

${describeOptions(configuredOptions)}
`;

/** Prints the effective configuration. Resolves to the exit code. */
export async function printConfiguration(args: readonly string[], context: CommandContext): Promise<number> {
  const configuration = readConfiguration(args, context);
  context.stdout.write(configuration === undefined ? configHelp : configurationText(configuration));
  return 0;
}

/** A config file that says the same, whatever it came from. */
function configurationText({ given, settings, file }: Configuration): string {
  // What holds where nothing was said, and no text is the default.
  const chosen: Readonly<Record<string, string>> = {
    data: settings.dataFolder,
    workers: String(settings.workers),
  };
  const rows = Object.entries<Option<unknown>>(serveOptions).map(([name, option]) => {
    const { text, source } = given[name as keyof typeof serveOptions];
    const effective = text ?? chosen[name];
    const line = effective === undefined ? `# ${name} is not set` : configLine(name, option, effective);
    return { line, source };
  });
  const width = Math.max(...rows.map(({ line }) => line.length)) + 2;
  return [
    `# file: ${JSON.stringify(file.path)}${file.exists ? "" : ", which does not exist"}`,
    ...rows.map(({ line, source }) => `${line.padEnd(width)}# ${source}`),
    "",
  ].join("\n");
}
