import { homedir } from "node:os";
import type { CommandContext } from "./cli/context.ts";
import { run } from "./cli/run.ts";

/** The entry: the only file that touches the environment, signals and the process's end. */
const context: CommandContext = {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  homeFolder: homedir(),
  platform: process.platform,
  onSignal(action) {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => action(signal));
  },
  onFault(action) {
    process.on("uncaughtException", action);
    process.on("unhandledRejection", action);
  },
  exit: (code) => process.exit(code),
};

// A reader of our output that goes away (`| head`) ends the command, and is no fault.
process.stdout.on("error", () => process.exit(0));

process.exitCode = await run(process.argv.slice(2), context);
// What is left open by now (a terminal that is read from) would keep the process alive for nothing.
process.stdin.destroy();
