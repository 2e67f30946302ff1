import type { IrcMessage } from "../../protocols/irc/message.ts";
import {
  batchTimeout,
  MultilineBatch,
  type MultilineLimits,
  openMultiline,
} from "../../protocols/irc/multiline.ts";
import type { Failure } from "../../protocols/irc/standard-replies.ts";
import type { Settings } from "../settings.ts";
import type { IrcCommands } from "./command.ts";
import { sayLines } from "./messages.ts";
import type { IrcSession } from "./session.ts";

/** A batch is to be closed within this time. */
const openMs = 60_000;

/** A batch that a client has opened. */
export interface OpenBatch {
  readonly batch: MultilineBatch;
  /** Something was wrong, and was told; the rest is passed over. */
  hasFailed: boolean;
  /** Of the message that opened it; what comes of the batch is labeled with it, once. */
  label: string | undefined;
  readonly timer: { cancel(): void };
}

/** IRCv3 multiline, and client-batch. */
export const multilineCommands: IrcCommands = { BATCH: { params: 1, act: begin } };

/** The value of the capability. */
export function multilineValue({ maxMultilineBytes, maxLines }: Settings): string {
  return `max-bytes=${maxMultilineBytes},max-lines=${maxLines}`;
}

/** The batch that a message has to belong to; `undefined` where none is open, or one may say it at any time. */
export function batchFor({ batch }: IrcSession, { command }: IrcMessage): OpenBatch | undefined {
  return command === "PING" || command === "PONG" || command === "QUIT" ? undefined : batch;
}

/** Whether a message ends a batch. */
export function isEnd({ command, params }: IrcMessage): boolean {
  return command === "BATCH" && params[0]?.startsWith("-") === true;
}

/** Takes a message for an open batch: a line, or its end. */
export function takeLine(session: IrcSession, open: OpenBatch, message: IrcMessage): void {
  if (isEnd(message)) {
    close(session, open, message);
    return;
  }
  const failure = open.batch.add(message);
  if (failure === undefined) return;
  open.hasFailed = true;
  session.carryOut(takeLabel(open), () => session.reply(failed(session, failure)));
}

function begin(session: IrcSession, message: IrcMessage): void {
  if (!session.has("draft/multiline")) {
    session.reply(session.numeric("ERR_UNKNOWNCOMMAND", ["BATCH"]));
    return;
  }
  const batch = openMultiline(message, limitsOf(session.settings));
  if (!(batch instanceof MultilineBatch)) {
    session.reply(failed(session, batch));
    return;
  }
  const timer = session.context.clock.after(openMs, () => {
    const open = session.batch;
    if (open?.batch !== batch) return;
    session.batch = undefined;
    if (open.hasFailed) return;
    session.carryOut(takeLabel(open), () => session.reply(failed(session, batchTimeout(batch.reference))));
  });
  session.batch = { batch, hasFailed: false, label: session.takeLabel(), timer };
}

function close(session: IrcSession, open: OpenBatch, message: IrcMessage): void {
  open.timer.cancel();
  session.batch = undefined;
  const made = open.batch.close(message);
  session.carryOut(takeLabel(open), () => {
    if (made === undefined) return;
    if ("code" in made) session.reply(failed(session, made));
    else sayLines(session, made);
  });
}

function takeLabel(open: OpenBatch): string | undefined {
  const { label } = open;
  open.label = undefined;
  return label;
}

function failed(
  session: IrcSession,
  { command, code, context, description }: Failure,
): ReturnType<IrcSession["fail"]> {
  return session.fail(command, code, context, description);
}

function limitsOf({ maxMultilineBytes, maxLines }: Settings): MultilineLimits {
  return { maxBytes: maxMultilineBytes, maxLines };
}
