// Comes in at a server that is starting: `node bench/load/probe.ts --port PORT` says "ready", tries until it is
// accepted, gives a name, and prints when it was answered. One line of JSON.
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

export interface Probed {
  /** Milliseconds since 1970, with fractions. */
  readonly acceptedAt: number;
  readonly answeredAt: number;
}

const { values } = parseArgs({ options: { port: { type: "string" } } });
const retryMs = 2;
const giveUpMs = 120_000;

function now(): number {
  return performance.timeOrigin + performance.now();
}

/** `undefined` where nobody listens yet. */
function comeIn(): Promise<Probed | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(values.port), host: "127.0.0.1", noDelay: true });
    let acceptedAt: number | undefined;
    socket.on("connect", () => {
      acceptedAt = now();
      socket.write("probe\n");
    });
    socket.once("data", () => {
      resolve({ acceptedAt: acceptedAt ?? now(), answeredAt: now() });
      socket.destroy();
    });
    socket.on("error", () => {
      if (acceptedAt === undefined) resolve(undefined);
      else reject(new Error("Cannot come in: the server closed the connection"));
    });
  });
}

process.stdout.write("ready\n");
const giveUpAt = now() + giveUpMs;
let probed = await comeIn();
while (probed === undefined) {
  if (now() > giveUpAt) throw new Error(`Cannot come in: nobody listened within ${giveUpMs / 1000} s`);
  await sleep(retryMs);
  probed = await comeIn();
}
process.stdout.write(`${JSON.stringify(probed)}\n`);
