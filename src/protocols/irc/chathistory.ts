import type { Instant } from "../../chat/event.ts";
import { upperAscii } from "../upper-ascii.ts";
import { parseTimeParam } from "./server-time.ts";
import type { Failure } from "./standard-replies.ts";

/** A place in a history: the message with this id, or an instant. */
export type HistoryReference =
  | { readonly kind: "msgid"; readonly id: string }
  | { readonly kind: "timestamp"; readonly at: Instant };

/**
 * What `CHATHISTORY` asks for: IRCv3 chathistory, "Subcommands". The references themselves are never part of what is
 * returned. `limit` is 1 or more.
 */
export type ChathistoryRequest =
  | {
      readonly kind: "before" | "after" | "around";
      readonly target: string;
      readonly reference: HistoryReference;
      readonly limit: number;
    }
  /** The last ones, of those after a reference where there is one. */
  | {
      readonly kind: "latest";
      readonly target: string;
      readonly after: HistoryReference | undefined;
      readonly limit: number;
    }
  /** Counted from `from` on, which may be the later one. */
  | {
      readonly kind: "between";
      readonly target: string;
      readonly from: HistoryReference;
      readonly to: HistoryReference;
      readonly limit: number;
    }
  /** Channels and people whose last message lies between these, counted from `from` on. */
  | { readonly kind: "targets"; readonly from: Instant; readonly to: Instant; readonly limit: number };

const msgid = "msgid=";

/**
 * Reads the parameters of `CHATHISTORY`, or says how they fail.
 *
 * @param maxLimit the value of `CHATHISTORY` in `RPL_ISUPPORT`; a request for more is one for so many
 */
export function parseChathistory(params: readonly string[], maxLimit: number): ChathistoryRequest | Failure {
  const [given = "", ...rest] = params;
  const subcommand = upperAscii(given);
  switch (subcommand) {
    case "BEFORE":
    case "AFTER":
    case "AROUND":
    case "LATEST":
      return parseOneReference(subcommand, rest, maxLimit);
    case "BETWEEN":
      return parseBetween(rest, maxLimit);
    case "TARGETS":
      return parseTargets(rest, maxLimit);
    default:
      return invalid(
        given === "" ? [] : [given],
        given === "" ? "Insufficient parameters" : "Unknown command",
      );
  }
}

function parseOneReference(
  subcommand: "BEFORE" | "AFTER" | "AROUND" | "LATEST",
  params: readonly string[],
  maxLimit: number,
): ChathistoryRequest | Failure {
  const problem = wrongCount(subcommand, params, 3);
  if (problem !== undefined) return problem;
  const [target = "", place = "", count = ""] = params;
  const limit = parseLimit(count, maxLimit);
  if (limit === undefined) return invalid([subcommand, count], "Invalid limit");
  if (subcommand === "LATEST" && place === "*") return { kind: "latest", target, after: undefined, limit };
  const reference = parseReference(place);
  if (reference === undefined) return invalidReference(subcommand, place);
  switch (subcommand) {
    case "LATEST":
      return { kind: "latest", target, after: reference, limit };
    case "BEFORE":
      return { kind: "before", target, reference, limit };
    case "AFTER":
      return { kind: "after", target, reference, limit };
    case "AROUND":
      return { kind: "around", target, reference, limit };
  }
}

function parseBetween(params: readonly string[], maxLimit: number): ChathistoryRequest | Failure {
  const problem = wrongCount("BETWEEN", params, 4);
  if (problem !== undefined) return problem;
  const [target = "", first = "", second = "", count = ""] = params;
  const from = parseReference(first);
  if (from === undefined) return invalidReference("BETWEEN", first);
  const to = parseReference(second);
  if (to === undefined) return invalidReference("BETWEEN", second);
  const limit = parseLimit(count, maxLimit);
  if (limit === undefined) return invalid(["BETWEEN", count], "Invalid limit");
  return { kind: "between", target, from, to, limit };
}

function parseTargets(params: readonly string[], maxLimit: number): ChathistoryRequest | Failure {
  const problem = wrongCount("TARGETS", params, 3);
  if (problem !== undefined) return problem;
  const [first = "", second = "", count = ""] = params;
  const from = parseTimeParam(first);
  if (from === undefined) return invalidReference("TARGETS", first);
  const to = parseTimeParam(second);
  if (to === undefined) return invalidReference("TARGETS", second);
  const limit = parseLimit(count, maxLimit);
  if (limit === undefined) return invalid(["TARGETS", count], "Invalid limit");
  return { kind: "targets", from, to, limit };
}

function parseReference(param: string): HistoryReference | undefined {
  if (param.startsWith(msgid)) {
    const id = param.slice(msgid.length);
    return id === "" ? undefined : { kind: "msgid", id };
  }
  const at = parseTimeParam(param);
  return at === undefined ? undefined : { kind: "timestamp", at };
}

function parseLimit(text: string, maxLimit: number): number | undefined {
  const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  return limit === 0 ? undefined : Math.min(limit, maxLimit);
}

function wrongCount(subcommand: string, params: readonly string[], wanted: number): Failure | undefined {
  if (params.length < wanted) return invalid([subcommand], "Insufficient parameters");
  return params.length > wanted ? invalid([subcommand], "Too many parameters") : undefined;
}

function invalidReference(subcommand: string, param: string): Failure {
  const description = param.startsWith(msgid) ? "Invalid message id" : "Invalid timestamp";
  return invalid([subcommand, param], description);
}

function invalid(context: readonly string[], description: string): Failure {
  return { kind: "FAIL", command: "CHATHISTORY", code: "INVALID_PARAMS", context, description };
}
