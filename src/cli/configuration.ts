import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Settings } from "../server/settings.ts";
import { readConfigFile } from "./config-file.ts";
import type { CommandContext } from "./context.ts";
import { defaultConfigFile, defaultDataFolder } from "./data-folder.ts";
import { nonEmpty, type Option, type Parsed, readOptions, UsageError, type Values } from "./options.ts";
import { serveOptions, settingsOf } from "./serve-options.ts";

/** What the command line and the environment say, and a config file cannot. */
const fileOption = {
  config: {
    value: "FILE",
    help: "read options from this TOML file; default: config.toml in the user's config folder, if it is there",
    fallback: undefined,
    parse: nonEmpty,
    wanted: "a file",
  } as Option<string | undefined>,
} as const;

/** Everything that `roomful serve` reads. */
export const configuredOptions: typeof fileOption & typeof serveOptions = { ...fileOption, ...serveOptions };

/** What a server is run with, and where each value came from. */
export interface Configuration {
  readonly values: Values<typeof serveOptions>;
  readonly given: Parsed<typeof serveOptions>["given"];
  readonly settings: Settings;
  /** The config file, which may be missing only where nobody named it. */
  readonly file: { readonly path: string; readonly exists: boolean };
}

/** Command line, environment and config file together; `undefined` where help is wanted. Throws `UsageError`. */
export function readConfiguration(
  args: readonly string[],
  context: Pick<CommandContext, "environment" | "homeFolder" | "platform">,
): Configuration | undefined {
  const { environment } = context;
  const { values: named, positionals, help } = readOptions(configuredOptions, args, environment);
  if (help) return undefined;
  if (positionals.length > 0) {
    throw new UsageError(
      `Cannot read the command line: "${positionals[0]}" is no option. --help lists the options`,
    );
  }
  const path = named.config === undefined ? defaultConfigFile(context) : resolve(named.config);
  const exists = named.config !== undefined || existsSync(path);
  const file = exists ? readConfigFile(path, serveOptions) : new Map<string, never>();
  const { values, given } = readOptions(configuredOptions, args, environment, { file });
  requireBoth(values);
  requireOwnCertificate(values);
  const settings = settingsOf(values, values.data ?? defaultDataFolder(context));
  return { values, given, settings, file: { path, exists } };
}

/** @throws UsageError where one of a certificate and its key is named without the other. */
function requireBoth(values: Values<typeof serveOptions>): void {
  const { "tls-cert": chain, "tls-key": key } = values;
  if ((chain === undefined) === (key === undefined)) return;
  const [named, missing] = chain === undefined ? ["tls-key", "tls-cert"] : ["tls-cert", "tls-key"];
  throw new UsageError(`Cannot use --${named}: "${chain ?? key}" is of no use without --${missing}`);
}

/** @throws UsageError where a certificate is asked for that could not be shown. */
function requireOwnCertificate({ acme, tls, "tls-cert": chain }: Values<typeof serveOptions>): void {
  if (acme.length === 0 || (tls !== "off" && chain === undefined)) return;
  const other =
    tls === "off"
      ? '--tls "off", which shows no certificate'
      : `--tls-cert "${chain}", which shows another one`;
  throw new UsageError(`Cannot use --acme: "${acme.join(",")}" does not go together with ${other}`);
}
