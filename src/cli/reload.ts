import { isDeepStrictEqual } from "node:util";
import type { LogRecord } from "../server/log.ts";
import type { Configuration } from "./configuration.ts";
import { type Option, UsageError } from "./options.ts";
import { serveOptions, settingsOf } from "./serve-options.ts";

type Name = keyof typeof serveOptions;

export interface Reread {
  /** What the server is to go on with; the one that was running where nothing can change. */
  readonly configuration: Configuration;
  /** What the operator is told, a record per option that differs. */
  readonly records: readonly LogRecord[];
}

/** Compares what a server runs with with what `read` finds now. What cannot be read changes nothing. */
export function reread(running: Configuration, read: () => Configuration | undefined): Reread {
  try {
    return compare(running, read() ?? running);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return {
      configuration: running,
      records: [{ kind: "warning", text: `The configuration stays as it is: ${error.message}` }],
    };
  }
}

function compare(running: Configuration, read: Configuration): Reread {
  const names = Object.keys(serveOptions) as Name[];
  const different = names.filter((name) => !isDeepStrictEqual(running.values[name], read.values[name]));
  const changed = different.filter((name) => canChange(name, read));
  const pick = <T extends object>(from: T): Partial<T> =>
    Object.fromEntries(changed.map((name) => [name, from[name as unknown as keyof T]])) as Partial<T>;
  const values = { ...running.values, ...pick(read.values) };
  const configuration = {
    ...running,
    values,
    given: { ...running.given, ...pick(read.given) },
    settings: { ...running.settings, ...settingsOf(values, running.settings.dataFolder) },
  };
  const records = different.map((name): LogRecord => {
    const from = shown(running, name);
    const to = shown(read, name);
    if (!changed.includes(name)) {
      return { kind: "warning", text: `${name} stays ${from}: for ${to} the server has to be started anew` };
    }
    const whom = option(name).live === "new connections" ? ", for new connections" : "";
    return { kind: "info", text: `${name} is changed from ${from} to ${to}${whom}` };
  });
  if (records.length > 0) return { configuration, records };
  return {
    configuration,
    records: [{ kind: "info", text: "The configuration was read again: nothing has changed" }],
  };
}

function canChange(name: Name, read: Configuration): boolean {
  // Who is here was told that nobody sees private messages.
  if (name === "console-private" && read.values[name] === "show") return false;
  return option(name).live !== undefined;
}

function option(name: Name): Option<unknown> {
  return serveOptions[name];
}

function shown({ given }: Configuration, name: Name): string {
  const { text } = given[name];
  if (option(name).isSecret === true && text !== undefined) return "what is not shown here";
  return text === undefined ? "what it is by default" : JSON.stringify(text);
}
