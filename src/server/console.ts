import type { Instant } from "../chat/event.ts";
import { printable, printableLines } from "../chat/text.ts";
import { clockTime } from "../protocols/line/render.ts";
import { showAddress } from "./address.ts";
import type { LogRecord } from "./log.ts";

/** How the console is written: for people, or as JSON lines for programs. */
export interface ConsoleOptions {
  readonly format: "text" | "json";
  /** Whether the texts of private messages are shown. */
  readonly showPrivate: boolean;
  /** The time of a record that has none of its own. */
  readonly now: () => Instant;
}

const hidden = "(hidden)";

/** The console's lines for a record, each with its end. Nobody's text can forge a line or move the cursor. */
export function consoleLines(record: LogRecord, options: ConsoleOptions): string {
  const isPrivate = record.kind === "private" || ("isClosed" in record && record.isClosed);
  const shown = isPrivate && !options.showPrivate ? { ...record, text: hidden } : record;
  return options.format === "json" ? jsonLine(shown, options.now()) : textLines(shown);
}

function textLines(record: LogRecord): string {
  switch (record.kind) {
    case "attempt":
      return `[INFO] New connection attempt from ${showAddress(record.address)}\n`;
    case "rejected":
      return `[INFO] Rejected ${showAddress(record.address)}: ${printable(record.reason)}\n`;
    case "join":
      return `${clockTime(record.at)} [JOIN] ${printable(record.name)} joined from ${showAddress(record.address)}\n${active(record)}`;
    case "leave":
      return `${clockTime(record.at)} [LEAVE] ${printable(record.name)} left the chat\n${active(record)}`;
    case "broadcast":
      return `${clockTime(record.at)} [BROADCAST] ${roomBefore(record.room)}${speech(record, record.name)}\n`;
    case "room":
      return `${clockTime(record.at)} [ROOM] ${roomBefore(record.room)}${roomNews(record)}\n`;
    case "private":
      return `${clockTime(record.at)} [PM] ${speech(record, `${record.name} -> ${record.to}`)}\n`;
    case "info":
      return `[INFO] ${printable(record.text)}\n`;
    case "warning":
      return `[WARNING] ${printable(record.text)}\n`;
  }
}

function speech(record: { readonly text: string; readonly action: boolean }, who: string): string {
  const name = printable(who);
  const text = printableLines(record.text).join(" ⏎ ");
  return record.action ? `* ${name} ${text}` : `${name}: ${text}`;
}

function roomBefore(room: string | undefined): string {
  return room === undefined ? "" : `${printable(room)} `;
}

function roomNews(record: Extract<LogRecord, { kind: "room" }>): string {
  const by = printable(record.by);
  const text = printable(record.text);
  switch (record.what) {
    case "topic":
      return text === "" ? `${by} removed the topic` : `${by} set the topic: ${text}`;
    case "kick":
      return `${by} removed ${printable(record.to ?? "")}${text === "" ? "" : `: ${text}`}`;
    case "mode":
      return `${by} set ${text}`;
    case "room-name":
      return `${by} renamed it to ${text}`;
    case "removal":
      return `${by} removed a message${text === "" ? "" : `: ${text}`}`;
  }
}

function active(record: { readonly active: number }): string {
  return `[INFO] Active clients: ${record.active}\n`;
}

function jsonLine(record: LogRecord, now: Instant): string {
  const { kind, ...fields } = record;
  const level = kind === "warning" ? "warning" : "info";
  const time = new Date("at" in record ? record.at : now).toISOString();
  const address = "address" in record ? { address: showAddress(record.address) } : {};
  // `time` says it, and in a form that every program reads.
  return `${JSON.stringify({ level, event: kind, time, ...fields, at: undefined, ...address })}\n`;
}
