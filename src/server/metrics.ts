import type { SpeechKind } from "../chat/event.ts";
import { refusalReasons } from "../chat/refusal.ts";
import { type ClosingReason, closingReasons } from "../protocols/websocket/messages.ts";
import type { NotStored } from "../storage/journal.ts";

/** What a connection turned out to be; `unknown` until its first bytes said so. */
export type DoorName = "line" | "websocket" | "irc" | "http" | "unknown";
/** Where a message came from. */
export type MessageDoor = "line" | "websocket" | "irc" | "operator";
/** `room`: what happens to a room. */
export type MessageKind = SpeechKind | "announcement" | "private" | "room";
/** Why a connection ended: as its protocol is told, or what no protocol has a word for. */
export type EndReason = ClosingReason | "left" | "irc" | "tls" | "proxy" | "clear-text" | "broken-frames";
export type CommitResult = "stored" | Exclude<NotStored, "mismatch">;
type ReaderState = "live" | "catching-up" | "slow";

/** A measurement: one line of the table, or with labels one for each combination of their values. */
export interface Metric {
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
  /** The values that a label may have. `threads`: one for each thread, of which there are a few. */
  readonly labels: Readonly<Record<string, readonly string[] | "threads">>;
  /** Of a histogram. */
  readonly bounds: readonly number[];
}

/** All values of a union, which the compiler holds complete. */
function all<T extends string>(values: Readonly<Record<T, true>>): readonly T[] {
  return Object.keys(values) as T[];
}

const endReasons = all<EndReason>({
  left: true,
  ...closingReasons,
  irc: true,
  tls: true,
  proxy: true,
  "clear-text": true,
  "broken-frames": true,
});

const doors = all<DoorName>({ line: true, websocket: true, irc: true, http: true, unknown: true });
const messageDoors = all<MessageDoor>({ line: true, websocket: true, irc: true, operator: true });
const messageKinds = all<MessageKind>({
  text: true,
  action: true,
  notice: true,
  announcement: true,
  private: true,
  room: true,
});
const commitResults = all<CommitResult>({
  stored: true,
  full: true,
  busy: true,
  failing: true,
  unknown: true,
});
const readerStates = all<ReaderState>({ live: true, "catching-up": true, slow: true });

const secondsBounds = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10] as const;
const sizeBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] as const;

/** Everything that `/metrics` tells. `docs/metrics.md` is made from this. */
export const metrics = {
  roomful_connections: gauge("Open connections by door; unknown: its first bytes have not come yet", {
    door: doors,
  }),
  roomful_connections_opened_total: counter("Connections that were accepted"),
  roomful_connections_closed_total: counter(
    "Connections that ended, by reason; quit: its person said so or has no more to say, left: the other side closed it",
    { reason: endReasons },
  ),
  roomful_people_online: gauge("People who are here, however many connections each has"),
  roomful_messages_total: counter("Messages that were stored and shown, by door and kind", {
    door: messageDoors,
    kind: messageKinds,
  }),
  roomful_deliveries_total: counter("Messages of rooms that were written to readers who are live"),
  roomful_refusals_total: counter("What was asked for and refused, by reason", {
    reason: all(refusalReasons),
  }),
  roomful_commits_total: counter("Transactions that messages were handed to, by what became of them", {
    result: commitResults,
  }),
  roomful_commit_duration_seconds: histogram(
    "From handing a batch of messages to the store until it is durable",
    secondsBounds,
  ),
  roomful_commit_messages: histogram("Messages in a transaction", sizeBounds),
  roomful_delivery_latency_seconds: histogram(
    "From a message's arrival at the deciding thread until it is durable and released to its readers",
    secondsBounds,
  ),
  roomful_search_duration_seconds: histogram(
    "From handing a search to the store until what it found is known, its waiting for others included",
    secondsBounds,
  ),
  roomful_delivery_batch_size: histogram(
    "What one round of writes brings to readers: messages, answers, comings and goings",
    sizeBounds,
  ),
  roomful_pending_messages: gauge("Messages that were accepted and are not stored yet"),
  roomful_waiting: gauge("Messages, commands and answers that wait for the transaction that is under way"),
  roomful_reading_paused: gauge("1 while nobody is read from because too much waits (--pause-above)"),
  roomful_readers: gauge(
    "People's connections by how they are fed: live, catching-up (from the store), slow (has more to take than --max-backlog)",
    { state: readerStates },
  ),
  roomful_readers_fell_behind_total: counter("How often a reader had more to take than --max-backlog"),
  roomful_backlog_bytes: gauge("Bytes that wait to be taken by readers"),
  roomful_received_bytes_total: counter("Bytes that came in"),
  roomful_sent_bytes_total: counter("Bytes that went out"),
  roomful_event_loop_delay_seconds: histogram(
    "How late each thread came to its work; measured from the first request for metrics on",
    secondsBounds,
    { thread: "threads" },
  ),
  roomful_console_dropped_lines_total: counter("Lines that the console did not take"),
  roomful_database_bytes: gauge("Size of the database file"),
  roomful_database_log_bytes: gauge("Size of the database's write-ahead log"),
  process_resident_memory_bytes: gauge("Resident memory"),
  process_cpu_seconds_total: counter("User and system CPU time spent"),
  process_start_time_seconds: gauge("When the process was started, in seconds since 1970"),
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

function counter(help: string, labels: Metric["labels"] = {}): Metric {
  return { type: "counter", help, labels, bounds: [] };
}

function gauge(help: string, labels: Metric["labels"] = {}): Metric {
  return { type: "gauge", help, labels, bounds: [] };
}

function histogram(help: string, bounds: readonly number[], labels: Metric["labels"] = {}): Metric {
  return { type: "histogram", help, labels, bounds };
}
