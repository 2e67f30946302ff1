import { parseServerAddress } from "../../src/client/address.ts";
import { runPlainClient } from "../../src/client/plain.ts";

// Runs the plain client by itself: `join.ts ADDRESS`.
const { env, stdin, stdout } = process;
const address = parseServerAddress(process.argv[2] ?? "");
const controller = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => controller.abort());
process.exitCode = await runPlainClient({
  ...address,
  input: stdin,
  output: stdout,
  terminal: env["TERM"] !== "dumb",
  signal: controller.signal,
});
