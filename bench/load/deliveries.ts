import { setTimeout as sleep } from "node:timers/promises";
import { cpuSeconds, threadTimes, timesSince } from "../proc.ts";
import { quantile } from "../statistics.ts";
import { Client } from "./client.ts";
import type { Crowd } from "./crowd.ts";
import { Ledger, payloadText } from "./payload.ts";
import type { Delivered, FloodResult, PacedResult, QuietResult } from "./results.ts";

export interface Target {
  readonly crowd: Crowd;
  /** The server's process. */
  readonly pid: number;
  readonly senders: number;
  readonly bytes: number;
}

/** A run in which nothing arrives for so long has lost the rest. */
const stallMs = 5000;
/** A timer may be late by a millisecond or two; the time before a sending is spent watching the clock. */
const watchMs = 2;

let run = 0;
/** How long the clock was watched, with nothing else to do. */
let watchedMs = 0;

interface Sending {
  readonly delivered: (reader: number, sender: number, sequence: number) => void;
  /** Resolves, when the last message has been sent, to how many there were. */
  readonly send: () => Promise<number>;
}

/** One run: `send` starts the sending; it is over when everything that was sent has arrived, or nothing more does. */
async function measured({ crowd, pid, senders }: Target, how: Sending): Promise<Delivered> {
  run += 1;
  const readers = crowd.clients.length;
  const ledger = new Ledger({ run, readers, senders, delivered: how.delivered });
  Client.ledger = ledger;
  watchedMs = 0;
  const serverCpu = cpuSeconds(pid);
  const loadCpu = process.cpuUsage();
  const start = performance.now();
  crowd.lastBytesAt = start;
  const expected = (await how.send()) * (readers - 1);
  while (ledger.deliveries < expected && performance.now() - crowd.lastBytesAt < stallMs) await sleep(1);
  const { user, system } = process.cpuUsage(loadCpu);
  const serverCpuSeconds = cpuSeconds(pid) - serverCpu;
  Client.ledger = undefined;
  crowd.afterRead = () => undefined;
  return {
    deliveries: ledger.deliveries,
    lost: expected - ledger.deliveries,
    disordered: ledger.disordered,
    seconds: (crowd.lastBytesAt - start) / 1000,
    serverCpuSeconds,
    loadCpuSeconds: (user + system) / 1e6 - watchedMs / 1000,
  };
}

/** A closed loop: each sender has so many messages under way, until the last of the others has them. */
export async function flood(
  target: Target,
  how: { readonly seconds: number; readonly window: number },
): Promise<FloodResult> {
  const { crowd, senders, bytes } = target;
  const sent = new Int32Array(senders);
  const acknowledged = new Int32Array(senders);
  const last = crowd.clients.length - 1;
  /** Who may say something more. */
  let free = Array.from({ length: senders }, (_, sender) => sender);
  const top = (): void => {
    if (free.length === 0) return;
    const now = free;
    free = [];
    for (const sender of now) {
      const first = sent[sender]!;
      const count = how.window - (first - acknowledged[sender]!);
      if (count <= 0) continue;
      sent[sender] = first + count;
      const texts = Array.from({ length: count }, (_, index) =>
        payloadText({ run, sender, sequence: first + index, bytes }),
      );
      crowd.clients[sender]?.say(texts);
    }
  };
  const threads = threadTimes(target.pid);
  const delivered = await measured(target, {
    delivered: (reader, sender) => {
      if (reader !== last && !(sender === last && reader === last - 1)) return;
      acknowledged[sender]! += 1;
      free.push(sender);
    },
    async send() {
      const end = performance.now() + how.seconds * 1000;
      crowd.afterRead = () => {
        if (crowd.readAt < end) top();
      };
      top();
      await sleep(how.seconds * 1000);
      crowd.afterRead = () => undefined;
      return sent.reduce((sum, count) => sum + count, 0);
    },
  });
  const messages = sent.reduce((sum, count) => sum + count, 0);
  return { mode: "flood", ...delivered, messages, threads: timesSince(threads, target.pid) };
}

interface Pace {
  /** Messages a second of all senders together. */
  readonly rate: number;
  readonly seconds: number;
}

/** A fixed schedule, whatever the server does. */
export async function paced(target: Target, pace: Pace): Promise<PacedResult> {
  const { crowd, senders } = target;
  const messages = Math.round(pace.rate * pace.seconds);
  const latencies = new Float32Array(messages * (crowd.clients.length - 1));
  let arrived = 0;
  let latestSendMs = 0;
  let due: readonly number[] = [];
  const threads = threadTimes(target.pid);
  const delivered = await measured(target, {
    delivered: (_reader, sender, sequence) => {
      latencies[arrived] = crowd.readAt - due[sequence * senders + sender]!;
      arrived += 1;
    },
    async send() {
      due = schedule(pace);
      await onTime(target, due, (message) => {
        latestSendMs = Math.max(latestSendMs, performance.now() - due[message]!);
      });
      return messages;
    },
  });
  const sorted = latencies.subarray(0, arrived).sort();
  const at = (part: number): number => sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
  return {
    mode: "paced",
    ...delivered,
    messages,
    threads: timesSince(threads, target.pid),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    latestSendMs,
  };
}

/** Few messages to few readers: how long until the last one has each. */
export async function quiet(
  target: Target,
  pace: Pace,
  syncTimes: () => Promise<readonly number[]>,
): Promise<QuietResult> {
  const messages = Math.round(pace.rate * pace.seconds);
  const sentAt = new Float64Array(messages);
  const last = new Float64Array(messages);
  const delivered = await measured(target, {
    delivered: (_reader, sender, sequence) => {
      last[sequence * target.senders + sender] = target.crowd.readAt;
    },
    async send() {
      await onTime(target, schedule(pace), (message) => {
        sentAt[message] = performance.now();
      });
      return messages;
    },
  });
  const times = [...last].map((at, message) => at - sentAt[message]!);
  const syncs = await syncTimes();
  return {
    mode: "quiet",
    ...delivered,
    p50Ms: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    syncP50Ms: quantile(syncs, 0.5),
    syncP99Ms: quantile(syncs, 0.99),
  };
}

function schedule({ rate, seconds }: Pace): readonly number[] {
  const start = performance.now();
  return Array.from({ length: Math.round(rate * seconds) }, (_, message) => start + (message * 1000) / rate);
}

/** Says a message at each of the times, the senders in turn. */
async function onTime(
  { crowd, senders, bytes }: Target,
  due: readonly number[],
  sending: (message: number) => void,
): Promise<void> {
  for (const [message, at] of due.entries()) {
    await reached(at, crowd);
    sending(message);
    const sender = message % senders;
    crowd.clients[sender]?.say([
      payloadText({ run, sender, sequence: Math.floor(message / senders), bytes }),
    ]);
  }
}

async function reached(due: number, crowd: Crowd): Promise<void> {
  const wait = due - performance.now() - watchMs;
  if (wait > 0) await sleep(wait);
  let now = performance.now();
  while (now < due) {
    const before = now;
    await new Promise((resolve) => setImmediate(resolve));
    now = performance.now();
    if (crowd.lastBytesAt < before) watchedMs += now - before;
  }
}
