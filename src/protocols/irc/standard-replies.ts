import { echoed, type OutgoingMessage } from "./message.ts";

/** IRCv3 standard replies: a command failed, was carried out with a reservation, or has something to be told. */
export interface StandardReply {
  readonly kind: "FAIL" | "WARN" | "NOTE";
  /** The command that is answered, or `*` for none. */
  readonly command: string;
  /** For programs. */
  readonly code: string;
  /** For who looks for the cause; what was asked for is quoted in it. */
  readonly context: readonly string[];
  /** For people. */
  readonly description: string;
}

/** Commands whose own specifications have such replies, so that who uses them knows them. */
const specified: ReadonlySet<string> = new Set([
  "BATCH",
  "CHATHISTORY",
  "MARKREAD",
  "METADATA",
  "REDACT",
  "REGISTER",
  "RENAME",
  "SETNAME",
  "VERIFY",
]);

/**
 * Whether a reply is sent to who has not asked for standard replies as well: "Capabilities". That a line is not UTF-8
 * is said by the specification of `UTF8ONLY`, whatever its command.
 */
export function isForEverybody({ command, code }: Pick<StandardReply, "command" | "code">): boolean {
  return specified.has(command) || code === "INVALID_UTF8";
}

/** That a command failed. */
export type Failure = StandardReply & { readonly kind: "FAIL" };

/** A parameter of the context that cannot be said back is `*`. */
export function formatStandardReply({
  kind,
  command,
  code,
  context,
  description,
}: StandardReply): OutgoingMessage {
  return { command: kind, params: [echoed(command), code, ...context.map(echoed)], text: description };
}
