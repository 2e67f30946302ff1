import { parseServerAddress } from "../client/address.ts";
import { runPlainClient } from "../client/plain.ts";
import type { CommandContext } from "./context.ts";
import { UsageError } from "./options.ts";

const joinHelp = `Usage: roomful join [NAME@]HOST[:PORT]

Chats in this terminal, line by line. Without a NAME it is asked for; PORT is 5173 where it is not given.
With its input from a pipe it sends each line, waits until all are stored, and ends.
`;

/** Runs the terminal client until its person leaves. Resolves to the exit code. */
export async function join(args: readonly string[], context: CommandContext): Promise<number> {
  const [address, ...more] = args;
  if (address === "--help" || address === "-h") {
    context.stdout.write(joinHelp);
    return 0;
  }
  if (address === undefined || more.length > 0 || address.startsWith("-")) {
    throw new UsageError("Cannot join: one address is wanted, as in roomful join Alice@192.168.1.100:5173");
  }
  const leaving = new AbortController();
  context.onSignal(() => leaving.abort());
  return runPlainClient({
    input: context.stdin,
    output: context.stdout,
    ...parseServerAddress(address),
    terminal: context.environment["TERM"] !== "dumb",
    signal: leaving.signal,
  });
}
