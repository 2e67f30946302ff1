import { foldName } from "../../chat/name.ts";
import { utf8Length } from "../../chat/text.ts";
import type { IrcMessage } from "./message.ts";
import type { Failure } from "./standard-replies.ts";
import type { Tags } from "./tags.ts";

export const multilineType = "draft/multiline";
export const concatTag = "draft/multiline-concat";

/** What the value of the capability says. */
export interface MultilineLimits {
  /** Of all the text, the line feeds between lines included. */
  readonly maxBytes: number;
  readonly maxLines: number;
}

export interface MultilineLine {
  readonly text: string;
  /** It goes on where the line before it ends, without a line feed. */
  readonly concat: boolean;
}

/** A message of several lines as it was sent, which a server keeps for those who are to get it as such lines. */
export interface MultilineMessage {
  readonly command: "PRIVMSG" | "NOTICE";
  readonly target: string;
  /** Of the message that opened the batch: the label and the tags to be passed on. */
  readonly tags: Tags;
  readonly lines: readonly MultilineLine[];
}

/** Opens the batch that a message `BATCH +… draft/multiline …` begins, or says how that fails. */
export function openMultiline(message: IrcMessage, limits: MultilineLimits): MultilineBatch | Failure {
  const [reference = "", type, target = ""] = message.params;
  if (!/^\+[A-Za-z\d-]+$/.test(reference)) return invalid("Invalid batch reference");
  if (type !== multilineType) return invalid("Unknown batch type");
  if (target === "") return invalid("Missing batch target");
  if (message.tags.has("batch")) return invalid("Batches cannot be nested");
  return new MultilineBatch(reference.slice(1), { target, tags: message.tags }, limits);
}

/**
 * A batch of lines that a client has opened: IRCv3 multiline. The first thing that is wrong is told, and from then on
 * all that comes is passed over in silence up to the end of the batch.
 */
export class MultilineBatch {
  readonly reference: string;
  readonly #opening: { readonly target: string; readonly tags: Tags };
  readonly #limits: MultilineLimits;
  readonly #lines: MultilineLine[] = [];
  #command: "PRIVMSG" | "NOTICE" = "PRIVMSG";
  #bytes = 0;
  #failed = false;

  /** Made by `openMultiline`. */
  constructor(
    reference: string,
    opening: { readonly target: string; readonly tags: Tags },
    limits: MultilineLimits,
  ) {
    this.reference = reference;
    this.#opening = opening;
    this.#limits = limits;
  }

  /** Takes a message that came before the end of the batch: each has to be a line of it. */
  add(message: IrcMessage): Failure | undefined {
    if (this.#failed) return undefined;
    const problem = this.#problemOf(message);
    if (problem !== undefined) return this.#fail(problem);
    const [, text = ""] = message.params;
    const first = this.#lines.length === 0;
    const concat = !first && message.tags.has(concatTag);
    if (this.#lines.length === this.#limits.maxLines) return this.#fail(tooManyLines(this.#limits));
    this.#bytes += utf8Length(text) + (first || concat ? 0 : 1);
    if (this.#bytes > this.#limits.maxBytes) return this.#fail(tooManyBytes(this.#limits));
    this.#lines.push({ text, concat });
    return undefined;
  }

  /** Takes `BATCH -…`. The message that it makes, or what is wrong; `undefined` where that was told before. */
  close(message: IrcMessage): MultilineMessage | Failure | undefined {
    if (this.#failed) return undefined;
    if (message.params[0] !== `-${this.reference}`) return this.#fail(invalid("Another batch is open"));
    if (this.#lines.length === 0) return this.#fail(invalid("Invalid multiline batch without lines"));
    if (this.#lines.every(({ text }) => text === "")) {
      return this.#fail(invalid("Invalid multiline batch with blank lines only"));
    }
    return { command: this.#command, ...this.#opening, lines: this.#lines };
  }

  #problemOf({ command, params, tags }: IrcMessage): Failure | undefined {
    const [target = "", text] = params;
    if (command !== "PRIVMSG" && command !== "NOTICE")
      return invalid("Only messages can be in a multiline batch");
    if (tags.get("batch") !== this.reference) return invalid("Another batch is open");
    if (this.#lines.length === 0) this.#command = command;
    else if (command !== this.#command) return invalid("Invalid multiline batch of messages and notices");
    if (foldName(target) !== foldName(this.#opening.target)) return wrongTarget(this.#opening.target, target);
    if (text === undefined) return invalid("Invalid multiline batch with a line without text");
    if (text === "" && tags.has(concatTag))
      return invalid("Invalid multiline batch with concatenated blank line");
    return undefined;
  }

  #fail(failure: Failure): Failure {
    this.#failed = true;
    this.#lines.length = 0;
    return failure;
  }
}

/** The whole text, with a line feed between lines. */
export function combinedText(lines: readonly MultilineLine[]): string {
  return lines.map(({ text, concat }, index) => (concat || index === 0 ? text : `\n${text}`)).join("");
}

/** The batch was left open for too long: IRCv3 client-batch, "Errors". */
export function batchTimeout(reference: string): Failure {
  return batchFailure(
    "TIMEOUT",
    [reference],
    "The batch was left open for too long. Nothing of it was delivered",
  );
}

function wrongTarget(wanted: string, given: string): Failure {
  return batchFailure("MULTILINE_INVALID_TARGET", [wanted, given], "Invalid multiline target");
}

function tooManyLines({ maxLines }: MultilineLimits): Failure {
  return batchFailure("MULTILINE_MAX_LINES", [String(maxLines)], "Multiline batch max-lines exceeded");
}

function tooManyBytes({ maxBytes }: MultilineLimits): Failure {
  return batchFailure("MULTILINE_MAX_BYTES", [String(maxBytes)], "Multiline batch max-bytes exceeded");
}

function invalid(description: string): Failure {
  return batchFailure("MULTILINE_INVALID", [], description);
}

function batchFailure(code: string, context: readonly string[], description: string): Failure {
  return { kind: "FAIL", command: "BATCH", code, context, description };
}
