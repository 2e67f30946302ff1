import { readFileSync } from "node:fs";
import type { CommandContext } from "./context.ts";
import { UsageError } from "./options.ts";

const help = `Roomful: a group chat for the people you already have.

Usage: roomful COMMAND [options]

  serve                       start the server
  join [[NAME@]HOST[:PORT]]   chat in this terminal
  export                      print what is stored, beside a running server too

  --version                   print the version
  --help                      print this; roomful COMMAND --help lists a command's options
`;

/** Exit codes: done, failed, and asked for what cannot be read. */
const exitFailed = 1;
const exitUsage = 2;

/** Runs a command line. Resolves to the exit code; what a person can mend is one sentence, never a stack trace. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      // Each command is loaded when it is asked for, so that none pays for the others' start.
      case "serve":
        return await (await import("./serve.ts")).serve(rest, context);
      case "join":
        return await (await import("./join.ts")).join(rest, context);
      case "export":
        return await (await import("./export.ts")).exportStreams(rest, context);
      case "--version":
      case "-v":
        context.stdout.write(`${version()}\n`);
        return 0;
      case "--help":
      case "-h":
      case "help":
        context.stdout.write(help);
        return 0;
      case undefined:
        context.stderr.write(help);
        return exitUsage;
      default:
        throw new UsageError(`Cannot run "${command}": it is no command (serve, join, export)`);
    }
  } catch (error) {
    if (error instanceof UsageError || isNamed(error, "AddressError")) {
      context.stderr.write(`roomful: ${error.message}\n`);
      return exitUsage;
    }
    if (isNamed(error, "StartError") || isNamed(error, "DataFolderError") || isNamed(error, "StoreFault")) {
      context.stderr.write(`roomful: ${error.message}\n`);
      return exitFailed;
    }
    throw error;
  }
}

/** Errors that say what a person can do are told by name, so that no command is loaded only for their classes. */
function isNamed(error: unknown, name: string): error is Error {
  return error instanceof Error && error.name === name;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  if (typeof manifest === "object" && manifest !== null && "version" in manifest)
    return String(manifest.version);
  throw new Error("Cannot read the version: package.json has none");
}
