import { readFileSync } from "node:fs";
import type { CommandContext } from "./context.ts";
import { UsageError } from "./options.ts";

const help = `Roomful: a group chat for the people you already have.

Usage: roomful COMMAND [options]

  serve                       start the server
  config                      print what serve would run with, and where each value came from
  doctor                      check a configuration and a data folder, and say what to do
  join [[NAME@]HOST[:PORT]]   chat in this terminal
  export                      print what is stored, beside a running server too
  backup FILE                 copy what is stored to a file, beside a running server too
  restore FILE                make a backup what the data folder holds
  compact                     shrink the database to what it holds
  retention                   say what would be erased as old, and erase nothing

  --version                   print the version
  --help                      print this; roomful COMMAND --help lists a command's options
`;

/** Exit codes: done, failed, and asked for what cannot be read. */
const exitFailed = 1;
const exitUsage = 2;

/** What a person can mend who asked for the right thing. */
const failures = ["StartError", "DataFolderError", "StoreFault", "BackupError", "CertificateError"];

/** Runs a command line. Resolves to the exit code; what a person can mend is one sentence, never a stack trace. */
export async function run(args: readonly string[], context: CommandContext): Promise<number> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      // Each command is loaded when it is asked for, so that none pays for the others' start.
      case "serve":
        return await (await import("./serve.ts")).serve(rest, context);
      case "config":
        return await (await import("./config.ts")).printConfiguration(rest, context);
      case "doctor":
        return await (await import("./doctor.ts")).doctor(rest, context);
      case "join":
        return await (await import("./join.ts")).join(rest, context);
      case "export":
        return await (await import("./export.ts")).exportStreams(rest, context);
      case "backup":
        return await (await import("./backup.ts")).backup(rest, context);
      case "restore":
        return await (await import("./restore.ts")).restore(rest, context);
      case "compact":
        return await (await import("./compact.ts")).compact(rest, context);
      case "retention":
        return await (await import("./retention.ts")).retention(rest, context);
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
        throw new UsageError(
          `Cannot run "${command}": it is no command (serve, config, doctor, join, export, backup, restore, compact, retention)`,
        );
    }
  } catch (error) {
    if (error instanceof UsageError || isNamed(error, "AddressError")) {
      context.stderr.write(`roomful: ${error.message}\n`);
      return exitUsage;
    }
    if (error instanceof Error && failures.includes(error.name)) {
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
