// The load of a benchmark: `node bench/load/load.ts --mode flood --port PORT --pid PID …`. One thread; it prints
// one line of JSON. `npm run bench` starts it, in a process of its own.

import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { syncTimes } from "../disk.ts";
import { cpuSeconds, kernelBytes, residentBytes } from "../proc.ts";
import { capabilityNames } from "./capabilities.ts";
import type { Client } from "./client.ts";
import { Crowd } from "./crowd.ts";
import { flood, paced, quiet, type Target } from "./deliveries.ts";
import { type Door, doorNames } from "./doors.ts";
import { maxSenders, minPayloadBytes } from "./payload.ts";
import type { ChurnResult, IdleResult, JoinResult, LoadResult, LoginResult } from "./results.ts";

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
    /** paced and quiet: messages a second of all senders together. */
    rate: { type: "string", default: "100" },
    seconds: { type: "string", default: "2" },
    bytes: { type: "string", default: "64" },
    /** irc: what the clients ask for. */
    capabilities: { type: "string", default: "none" },
    /** churn: so many come and go. */
    joiners: { type: "string", default: "500" },
    /** quiet: where the disk is timed. */
    folder: { type: "string", default: "." },
    /** The whole program ends after so many seconds. */
    limit: { type: "string", default: "120" },
  },
});

const { mode } = values;
const door = doorNames.find((name) => name === values.door) ?? fail(`there is no door "${values.door}"`);
const pid = Number(values.pid);
const readers = Number(values.readers);
const seconds = Number(values.seconds);
const bytes = Math.max(Number(values.bytes), minPayloadBytes);
const pace = { rate: Number(values.rate), seconds };

/** By the `irc` door all at once: InspIRCd lets those who have come in by a timer, once a second. */
const atOnce = door === "irc" ? Number.POSITIVE_INFINITY : 256;
const warmUpSeconds = 0.5;
const quietMs = 300;
/** Longer than the second for which Roomful gathers who came and went, and than InspIRCd's timer. */
const toldMs = 1500;

const crowd = new Crowd({
  door: door satisfies Door,
  port: Number(values.port),
  payloadBytes: bytes,
  capabilities:
    capabilityNames.find((name) => name === values.capabilities) ??
    fail(`there are no capabilities "${values.capabilities}"`),
  // Where going into the room is a step of its own, these measure what is without it.
  joins: mode !== "idle" && mode !== "login" && mode !== "join",
  failed: (client: Client, why: string) => fail(`client ${client.index} of ${readers}: ${why}`),
});

function fail(why: string): never {
  process.stderr.write(`load: ${why}\n`);
  process.exit(1);
}

setTimeout(() => fail(`not done after ${values.limit} s`), Number(values.limit) * 1000).unref();

async function idle(): Promise<IdleResult> {
  const before = residentBytes(pid);
  const kernelBefore = kernelBytes();
  await crowd.enter(readers, atOnce);
  await crowd.settle(toldMs);
  const kernelAfter = kernelBytes();
  const cpu = cpuSeconds(pid);
  await sleep(seconds * 1000);
  return {
    mode: "idle",
    bytesPerConnection: (residentBytes(pid) - before) / readers,
    kernelBytesPerConnection: (kernelAfter - kernelBefore) / readers,
    cpuMsPerSecond: ((cpuSeconds(pid) - cpu) * 1000) / seconds,
  };
}

async function login(): Promise<LoginResult | JoinResult> {
  // A room into which one has to go is gone into by those who are in.
  const isStep = mode === "join" && door === "irc";
  if (isStep) {
    await crowd.enter(readers, atOnce);
    await crowd.settle(toldMs);
  }
  const cpu = cpuSeconds(pid);
  const start = performance.now();
  const took = isStep ? await crowd.join() : await crowd.enter(readers, readers);
  const toldAt = await crowd.settle(toldMs);
  return {
    mode: mode === "join" ? "join" : "login",
    seconds: took,
    toldSeconds: (toldAt - start) / 1000,
    serverCpuSeconds: cpuSeconds(pid) - cpu,
  };
}

async function churn(): Promise<ChurnResult> {
  const joiners = Number(values.joiners);
  await crowd.enter(readers, atOnce);
  await crowd.settle(toldMs);
  const before = cpuSeconds(pid);
  const joinSeconds = await crowd.enter(joiners, joiners);
  await crowd.settle(toldMs);
  const between = cpuSeconds(pid);
  crowd.leave(joiners);
  await crowd.settle(toldMs);
  return {
    mode: "churn",
    joinSeconds,
    joinCpuSeconds: between - before,
    leaveCpuSeconds: cpuSeconds(pid) - between,
  };
}

async function deliveries(): Promise<LoadResult> {
  const senders = Math.min(Number(values.senders), readers, maxSenders);
  const target: Target = { crowd, pid, senders, bytes };
  const window = Number(values.window);
  await crowd.enter(readers, atOnce);
  await crowd.settle(quietMs);
  await flood(target, { seconds: warmUpSeconds, window });
  await crowd.settle(quietMs);
  if (mode === "paced") return paced(target, pace);
  if (mode === "quiet") {
    const likewise = { count: pace.rate * pace.seconds, pauseMs: 1000 / pace.rate };
    return quiet(target, pace, () => syncTimes(values.folder, likewise));
  }
  return flood(target, { seconds, window });
}

async function measure(): Promise<LoadResult> {
  switch (mode) {
    case "idle":
      return idle();
    case "login":
    case "join":
      return login();
    case "churn":
      return churn();
    case "flood":
    case "paced":
    case "quiet":
      return deliveries();
    default:
      return fail(`Cannot read --mode: "${mode}" is none of flood, paced, quiet, idle, login, join, churn`);
  }
}

const result = await measure();
process.stdout.write(`${JSON.stringify(result)}\n`);
for (const client of crowd.clients) client.close();
process.exit(0);
