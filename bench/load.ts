// The load of a benchmark: `node bench/load.ts --mode flood --port PORT --pid PID …`. One thread; it prints one
// line of JSON. `npm run bench` starts it, in a process of its own.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Client, type Door } from "./client.ts";
import { Ledger, maxSenders, minPayloadBytes, payloadText } from "./payload.ts";
import { cpuSeconds, residentBytes } from "./proc.ts";

interface Delivered {
  /** To all others than their sender. */
  readonly deliveries: number;
  readonly lost: number;
  /** Came twice, or after a later one of the same sender. */
  readonly disordered: number;
  readonly seconds: number;
  readonly serverCpuSeconds: number;
  readonly loadCpuSeconds: number;
}

interface FloodResult extends Delivered {
  readonly mode: "flood";
}

interface PacedResult extends Delivered {
  readonly mode: "paced";
  /** From the scheduled time of sending to the arrival, over all deliveries. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How late the load sent, at worst. Part of the latencies. */
  readonly latestSendMs: number;
}

interface IdleResult {
  readonly mode: "idle";
  readonly bytesPerConnection: number;
  /** While nothing happens. */
  readonly cpuMsPerSecond: number;
}

interface LoginResult {
  readonly mode: "login";
  readonly seconds: number;
  readonly serverCpuSeconds: number;
}

export type LoadResult = FloodResult | PacedResult | IdleResult | LoginResult;

const { values } = parseArgs({
  options: {
    mode: { type: "string", default: "flood" },
    door: { type: "string", default: "line" },
    port: { type: "string" },
    pid: { type: "string" },
    readers: { type: "string", default: "100" },
    senders: { type: "string", default: "4" },
    /** flood: so many messages of a sender may be under way. */
    window: { type: "string", default: "8" },
    /** paced: messages a second of all senders together. */
    rate: { type: "string", default: "100" },
    seconds: { type: "string", default: "2" },
    bytes: { type: "string", default: "64" },
    /** The whole program ends after so many seconds. */
    limit: { type: "string", default: "120" },
  },
});

const port = Number(values.port);
const pid = Number(values.pid);
const readers = Number(values.readers);
const senders = Math.min(Number(values.senders), readers, maxSenders);
const windowMessages = Number(values.window);
const rate = Number(values.rate);
const seconds = Number(values.seconds);
const bytes = Math.max(Number(values.bytes), minPayloadBytes);

const loginsAtOnce = 256;
const warmUpSeconds = 0.5;
const quietMs = 300;
const maxSettleMs = 10_000;
/** A run in which nothing arrives for so long has lost the rest. */
const stallMs = 5000;
/** A timer may be late by a millisecond or two; the time before a sending is spent watching the clock. */
const watchMs = 2;

const clients: Client[] = [];
let entered = 0;
let lastBytesAt = 0;
/** When the read at hand began. */
let readAt = 0;
let afterRead = (): void => undefined;

function fail(why: string): never {
  process.stderr.write(`load: ${why}\n`);
  process.exit(1);
}

setTimeout(() => fail(`not done after ${values.limit} s`), Number(values.limit) * 1000).unref();

/** Lets `readers` clients in, `atOnce` at a time. Resolves to the seconds it took. */
async function connectAll(atOnce: number): Promise<number> {
  const start = performance.now();
  await new Promise<void>((resolve) => {
    const options = {
      door: values.door as Door,
      port,
      payloadBytes: bytes,
      entered: () => {
        entered += 1;
        more();
        if (entered === readers) resolve();
      },
      failed: (client: Client, why: string) => fail(`client ${client.index} of ${readers}: ${why}`),
      reading: () => {
        readAt = performance.now();
        lastBytesAt = readAt;
      },
      read: () => afterRead(),
    };
    const more = (): void => {
      while (clients.length < readers && clients.length - entered < atOnce) {
        clients.push(new Client(clients.length, options));
      }
    };
    more();
  });
  return (performance.now() - start) / 1000;
}

/** Resolves when nothing has arrived for a moment. */
async function settle(): Promise<void> {
  const start = performance.now();
  lastBytesAt = start;
  while (performance.now() - lastBytesAt < quietMs && performance.now() - start < maxSettleMs)
    await sleep(20);
}

let run = 0;

/** One run: `send` starts the sending; it is over when everything that was sent has arrived, or nothing more does. */
async function measured(how: {
  readonly delivered: (reader: number, sender: number, sequence: number) => void;
  /** Resolves, when the last message has been sent, to how many there were. */
  readonly send: () => Promise<number>;
}): Promise<Delivered> {
  run += 1;
  const ledger = new Ledger({ run, readers, senders, delivered: how.delivered });
  Client.ledger = ledger;
  const serverCpu = cpuSeconds(pid);
  const loadCpu = process.cpuUsage();
  const start = performance.now();
  const expected = (await how.send()) * (readers - 1);
  while (ledger.deliveries < expected && performance.now() - lastBytesAt < stallMs) await sleep(1);
  const { user, system } = process.cpuUsage(loadCpu);
  const serverCpuSeconds = cpuSeconds(pid) - serverCpu;
  Client.ledger = undefined;
  afterRead = () => undefined;
  return {
    deliveries: ledger.deliveries,
    lost: expected - ledger.deliveries,
    disordered: ledger.disordered,
    seconds: (lastBytesAt - start) / 1000,
    serverCpuSeconds,
    loadCpuSeconds: (user + system) / 1e6,
  };
}

/** A closed loop: each sender has so many messages under way, until the last reader has them. */
function flood(forSeconds: number): Promise<Delivered> {
  const sent = new Int32Array(senders);
  const acknowledged = new Int32Array(senders);
  const witness = readers - 1;
  const top = (): void => {
    for (let sender = 0; sender < senders; sender += 1) {
      const free = windowMessages - (sent[sender]! - acknowledged[sender]!);
      if (free <= 0) continue;
      const first = sent[sender]!;
      sent[sender] = first + free;
      const texts = Array.from({ length: free }, (_, index) =>
        payloadText({ run, sender, sequence: first + index, bytes }),
      );
      clients[sender]?.say(texts);
    }
  };
  return measured({
    delivered: (reader, sender) => {
      if (reader === witness) acknowledged[sender]! += 1;
    },
    async send() {
      const end = performance.now() + forSeconds * 1000;
      afterRead = () => {
        if (readAt < end) top();
      };
      top();
      await sleep(forSeconds * 1000);
      afterRead = () => undefined;
      return sent.reduce((sum, count) => sum + count, 0);
    },
  });
}

/** A fixed schedule, whatever the server does. */
async function paced(): Promise<PacedResult> {
  const messages = Math.round(rate * seconds);
  const latencies = new Float32Array(messages * (readers - 1));
  let arrived = 0;
  let latestSendMs = 0;
  let start = 0;
  const dueAt = (message: number): number => start + (message * 1000) / rate;
  const delivered = await measured({
    delivered: (_reader, sender, sequence) => {
      latencies[arrived] = readAt - dueAt(sequence * senders + sender);
      arrived += 1;
    },
    async send() {
      start = performance.now();
      for (let message = 0; message < messages; message += 1) {
        await reached(dueAt(message));
        latestSendMs = Math.max(latestSendMs, performance.now() - dueAt(message));
        const sender = message % senders;
        clients[sender]?.say([payloadText({ run, sender, sequence: Math.floor(message / senders), bytes })]);
      }
      return messages;
    },
  });
  const sorted = latencies.subarray(0, arrived).sort();
  const quantile = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return { mode: "paced", ...delivered, p50Ms: quantile(0.5), p99Ms: quantile(0.99), latestSendMs };
}

async function reached(due: number): Promise<void> {
  const wait = due - performance.now() - watchMs;
  if (wait > 0) await sleep(wait);
  while (performance.now() < due) await new Promise((resolve) => setImmediate(resolve));
}

async function idle(): Promise<IdleResult> {
  const before = residentBytes(pid);
  await connectAll(loginsAtOnce);
  await settle();
  const cpu = cpuSeconds(pid);
  await sleep(seconds * 1000);
  return {
    mode: "idle",
    bytesPerConnection: (residentBytes(pid) - before) / readers,
    cpuMsPerSecond: ((cpuSeconds(pid) - cpu) * 1000) / seconds,
  };
}

async function login(): Promise<LoginResult> {
  const cpu = cpuSeconds(pid);
  const took = await connectAll(readers);
  await settle();
  return { mode: "login", seconds: took, serverCpuSeconds: cpuSeconds(pid) - cpu };
}

async function measure(): Promise<LoadResult> {
  switch (values.mode) {
    case "idle":
      return idle();
    case "login":
      return login();
    case "paced":
    case "flood": {
      await connectAll(loginsAtOnce);
      await settle();
      await flood(warmUpSeconds);
      await settle();
      if (values.mode === "paced") return paced();
      return { mode: "flood", ...(await flood(seconds)) };
    }
    default:
      return fail(`Cannot read --mode: "${values.mode}" is not flood, paced, idle or login`);
  }
}

const result = await measure();
process.stdout.write(`${JSON.stringify(result)}\n`);
for (const client of clients) client.close();
process.exit(0);
