import type { Instant } from "../../chat/event.ts";
import { formatTimeParam, parseTimeParam } from "./server-time.ts";
import type { Failure } from "./standard-replies.ts";

/** What `MARKREAD` asks for: where one has read up to, or to move that forward. */
export type MarkreadRequest =
  | { readonly kind: "get"; readonly target: string }
  | { readonly kind: "set"; readonly target: string; readonly at: Instant };

/** Reads the parameters of `MARKREAD`, or says how they fail: IRCv3 read-marker, "`MARKREAD` Command". */
export function parseMarkread(params: readonly string[]): MarkreadRequest | Failure {
  const [target, time] = params;
  if (target === undefined || target === "") return failure("NEED_MORE_PARAMS", [], "Missing parameters");
  if (time === undefined) return { kind: "get", target };
  const at = parseTimeParam(time);
  return at === undefined
    ? failure("INVALID_PARAMS", [time], "Invalid parameters")
    : { kind: "set", target, at };
}

/** The second parameter of the server's `MARKREAD`; `*` where nothing is known. */
export function formatReadUpTo(at: Instant | undefined): string {
  return at === undefined ? "*" : formatTimeParam(at);
}

function failure(code: string, context: readonly string[], description: string): Failure {
  return { kind: "FAIL", command: "MARKREAD", code, context, description };
}
