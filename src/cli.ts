import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { isatty } from "node:tty";
import type { CommandContext } from "./cli/context.ts";
import { run } from "./cli/run.ts";

/** Whether `nohup` started this process. To be asked before there is a handler, which would undo what it did. */
function isHangupIgnored(): boolean {
  try {
    const [, ignored = "0"] = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return false;
  }
}

const hangupIgnored = isHangupIgnored();
const terminals = [0, 1].filter((file) => isatty(file));
let onReload: (() => void) | undefined;

/** SIGHUP has two meanings: a terminal is gone, and with it who would end this process; or read the settings again. */
function isHangup(): boolean {
  return onReload === undefined || terminals.some((file) => !isatty(file));
}

/** The entry: the only file that touches the environment, signals and the process's end. */
const context: CommandContext = {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  homeFolder: homedir(),
  platform: process.platform,
  onSignal(action) {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => action(signal));
    // Without a handler it stays ignored.
    if (hangupIgnored) return;
    process.on("SIGHUP", () => {
      if (isHangup()) action("SIGHUP");
    });
  },
  onReload(action) {
    onReload = action;
    process.on("SIGHUP", () => {
      if (!isHangup()) action();
    });
  },
  suspendable({ away, back }) {
    let isAway = false;
    const goOn = (): void => {
      if (!isAway) return;
      isAway = false;
      process.on("SIGTSTP", stop);
      back();
    };
    const stop = (): void => {
      isAway = true;
      away();
      // Without a handler of ours the signal does what it does to others: nothing where no shell would go on with us.
      process.off("SIGTSTP", stop);
      process.kill(process.pid, "SIGTSTP");
      setTimeout(goOn, 200);
    };
    process.on("SIGTSTP", stop);
    process.on("SIGCONT", () => (isAway ? goOn() : back()));
    return () => void process.kill(0, "SIGTSTP");
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
