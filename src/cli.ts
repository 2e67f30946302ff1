import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import type { CommandContext } from "./cli/context.ts";
import { run } from "./cli/run.ts";

/** Whether `nohup` started this process: a handler of our own would undo what it did. */
function isHangupIgnored(): boolean {
  try {
    const [, ignored = "0"] = /^SigIgn:\s*([\da-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    return false;
  }
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
    if (!isHangupIgnored()) process.on("SIGHUP", () => action("SIGHUP"));
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
