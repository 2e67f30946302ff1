import { parseArgs } from "node:util";

/** A command line that cannot be run; the message is a sentence that quotes what was given. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** One option: on the command line `--name VALUE`, in the environment `ROOMFUL_NAME`. */
export interface Option<T> {
  /** What stands for the value in help: `PORT`, `SECONDS`. */
  readonly value: string;
  readonly help: string;
  /** As somebody would type it. `undefined`: none, and the text says what holds then. */
  readonly fallback: string | undefined;
  /** The value, or `undefined` where the text is none. */
  readonly parse: (text: string) => T | undefined;
  /** What the value has to be, to go on with `is not`: `a port (0 to 65535)`. */
  readonly wanted: string;
  /** How a config file writes it: a number (words like "off" in quotes), or a list of texts; in quotes where not given. */
  readonly form?: "number" | "list";
  /** For what a running server can take another value; where not given it has to be started anew. */
  readonly live?: "everybody" | "new connections";
  /** Not to be shown on a console. */
  readonly isSecret?: true;
}

export type Options = Readonly<Record<string, Option<unknown>>>;
export type Values<O extends Options> = { readonly [K in keyof O]: O[K] extends Option<infer T> ? T : never };

export function environmentName(option: string): string {
  return `ROOMFUL_${option.toUpperCase().replaceAll("-", "_")}`;
}

/** What an option is set to, as somebody would type it, and where that was said. */
export interface Given {
  /** `undefined`: nothing was said, and no text is the default either. */
  readonly text: string | undefined;
  /** `command line`, `environment ROOMFUL_PORT`, `file, line 3` or `default`. */
  readonly source: string;
}

export interface Parsed<O extends Options> {
  readonly values: Values<O>;
  readonly given: { readonly [K in keyof O]: Given };
  readonly positionals: readonly string[];
  readonly help: boolean;
}

/**
 * Reads a command's options: the command line wins over the environment, that over `file` (what a config file says,
 * which was checked when it was read), and that over the defaults.
 */
export function readOptions<O extends Options>(
  options: O,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  { file }: { readonly file?: ReadonlyMap<string, Given> } = {},
): Parsed<O> {
  const { values, positionals } = tryParse(args, options);
  const read = Object.entries(options).map(([name, option]): [string, unknown, Given] => {
    const typed = typedText(values[name]);
    if (typed !== undefined) {
      return [name, valueOf(option, `--${name}`, typed), { text: typed, source: "command line" }];
    }
    const variable = environmentName(name);
    const text = environment[variable];
    if (text !== undefined && text !== "") {
      return [name, valueOf(option, variable, text), { text, source: `environment ${variable}` }];
    }
    const given = file?.get(name) ?? { text: option.fallback, source: "default" };
    return [name, given.text === undefined ? undefined : option.parse(given.text), given];
  });
  return {
    values: Object.fromEntries(read.map(([name, value]) => [name, value])) as Values<O>,
    given: Object.fromEntries(read.map(([name, , given]) => [name, given])) as Parsed<O>["given"],
    positionals,
    help: values["help"] === true,
  };
}

/** @throws UsageError where something stands on a command line that no option takes. */
export function requireNoPositionals(positionals: readonly string[]): void {
  if (positionals.length > 0) {
    throw new UsageError(`Cannot read the command line: "${positionals[0]}" is no option`);
  }
}

function tryParse(
  args: readonly string[],
  options: Options,
): { readonly values: Record<string, unknown>; readonly positionals: readonly string[] } {
  const config = Object.entries(options).map(([name, { form }]) => {
    return [name, { type: "string" as const, multiple: form === "list" }] as const;
  });
  try {
    const known = { ...Object.fromEntries(config), help: { type: "boolean" as const, short: "h" } };
    return parseArgs({ args: [...args], options: known, allowPositionals: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [sentence] = message.split(/\.\s/);
    throw new UsageError(`Cannot read the command line: ${sentence}. --help lists the options`);
  }
}

/** A list may be given in parts, each by the option anew. */
function typedText(typed: unknown): string | undefined {
  if (Array.isArray(typed)) return typed.join(",");
  return typeof typed === "string" ? typed : undefined;
}

function valueOf(option: Option<unknown>, where: string, text: string): unknown {
  const value = option.parse(text);
  if (value !== undefined) return value;
  throw new UsageError(`Cannot read ${where}: "${text}" is not ${option.wanted}`);
}

/** The list of a command's options for `--help`: a line each, with default and environment variable. */
export function describeOptions(options: Options): string {
  const rows = Object.entries(options).map(([name, option]) => {
    const fallback = option.fallback === undefined ? "" : ` [${option.fallback}]`;
    return { left: `  --${name} ${option.value}`, right: `${option.help}${fallback}` };
  });
  const width = Math.max(...rows.map((row) => row.left.length)) + 2;
  return rows.map((row) => `${row.left.padEnd(width)}${row.right}`).join("\n");
}

/** A whole number. */
export function integer(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number | undefined {
  return (text) => {
    if (!/^\d+$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? value : undefined;
  };
}

/** Seconds, also with a fraction, as milliseconds. */
export function seconds(min: number, max: number): (text: string) => number | undefined {
  return (text) => {
    if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
    const value = Number(text);
    return value >= min && value <= max ? Math.round(value * 1000) : undefined;
  };
}

export function oneOf<T extends string>(...choices: readonly T[]): (text: string) => T | undefined {
  return (text) => choices.find((choice) => choice === text);
}

export function nonEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}
