import { readFileSync } from "node:fs";
import { parse, stringify, TomlDate, TomlError, type TomlValue } from "smol-toml";
import { nearestWord } from "./nearest-word.ts";
import { type Given, type Option, type Options, UsageError } from "./options.ts";

/** What a config file sets, by the options' names; all of it can be read. Throws `UsageError`. */
export function readConfigFile(path: string, options: Options): ReadonlyMap<string, Given> {
  const text = readText(path);
  return new Map(
    Object.entries(parseToml(path, text)).map(([key, value]) => {
      const line = lineOf(key, text);
      const where = `${JSON.stringify(path)}${line === undefined ? "" : `, line ${line}`}`;
      const option = Object.hasOwn(options, key) ? options[key] : undefined;
      if (option === undefined) throw unknownKey(key, where, Object.keys(options));
      const written = textOf(option, value);
      if (written === undefined || option.parse(written) === undefined) {
        throw new UsageError(`Cannot read ${key} in ${where}: ${problemOf(option, value)}`);
      }
      return [key, { text: written, source: line === undefined ? "file" : `file, line ${line}` }];
    }),
  );
}

/** An option's line in a config file, without its end. */
export function configLine(name: string, option: Option<unknown>, text: string): string {
  return stringify({ [name]: valueIn(option, text) }).trimEnd();
}

function readText(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const reason = reasons[String(error.code)] ?? error.message;
    throw new UsageError(`Cannot read the config file ${JSON.stringify(path)}: ${reason}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "it does not exist",
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
  ERR_ENCODING_INVALID_ENCODED_DATA: "it is not text in UTF-8",
};

function parseToml(path: string, text: string): Readonly<Record<string, TomlValue>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The message goes on with a picture of the place.
    const [sentence = ""] = error.message.replace("Invalid TOML document: ", "").split("\n");
    throw new UsageError(
      `Cannot read the config file ${JSON.stringify(path)}, line ${error.line}, column ${error.column}: ${sentence}`,
    );
  }
}

/** The parser does not say where a key stands; a file of options has each on a line of its own. */
function lineOf(key: string, text: string): number | undefined {
  const start = new RegExp(`^\\s*\\[{0,2}\\s*(["']?)${key.replaceAll(/[^\w-]/g, "\\$&")}\\1\\s*[=.\\]]`);
  const index = text.split("\n").findIndex((line) => start.test(line));
  return index === -1 ? undefined : index + 1;
}

function unknownKey(key: string, where: string, known: readonly string[]): UsageError {
  const near = nearestWord(key.toLowerCase().replaceAll("_", "-"), known);
  const hint = near === undefined ? "roomful serve --help lists the options" : `did you mean ${near}?`;
  return new UsageError(`Cannot read ${where}: ${JSON.stringify(key)} is no option; ${hint}`);
}

/** What somebody would type for a value of the file; `undefined` where it is of another type. */
function textOf(option: Option<unknown>, value: TomlValue): string | undefined {
  if (option.form === "list") {
    if (!Array.isArray(value)) return undefined;
    const names = value.filter(
      (name): name is string => typeof name === "string" && name !== "" && !name.includes(","),
    );
    return names.length === value.length ? names.join(",") : undefined;
  }
  if (option.form === "number" && typeof value === "number") return String(value);
  // A number in quotes is one only where the option is no number.
  return typeof value === "string" && !(option.form === "number" && isNumeral(value)) ? value : undefined;
}

/** The reverse of `textOf`. */
function valueIn(option: Option<unknown>, text: string): TomlValue {
  if (option.form === "number" && isNumeral(text)) return Number(text);
  if (option.form === "list") return text.split(",").filter((name) => name !== "");
  return text;
}

function isNumeral(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text);
}

function problemOf(option: Option<unknown>, value: TomlValue): string {
  const wanted = `${describe(value)} is not ${option.wanted}`;
  if (option.form === "number" && typeof value === "string" && option.parse(value) !== undefined) {
    return `${wanted}; a number is written without quotes`;
  }
  if (option.form === "list" && !Array.isArray(value)) return `${wanted}; it is written like ["one", "two"]`;
  return option.form === undefined && typeof value !== "string"
    ? `${wanted}; it is written in quotes`
    : wanted;
}

function describe(value: TomlValue): string {
  if (value instanceof TomlDate) return value.toISOString();
  if (typeof value === "object" && !Array.isArray(value)) return "a table";
  return typeof value === "string" || Array.isArray(value) ? JSON.stringify(value) : String(value);
}
