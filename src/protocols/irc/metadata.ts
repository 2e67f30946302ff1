import { upperAscii } from "../upper-ascii.ts";

/** What `METADATA <target> <subcommand>` asks for: IRCv3 metadata, "METADATA client command". Keys may be none. */
export type MetadataRequest =
  | { readonly kind: "get" | "subscribe" | "unsubscribe"; readonly keys: readonly string[] }
  | { readonly kind: "list" | "clear" | "subscriptions" | "sync" }
  /** `value: undefined`: to be removed. */
  | { readonly kind: "set"; readonly key: string; readonly value: string | undefined };

/** Why a command asks for nothing; `subcommand`: as it was sent. */
export type MetadataFault =
  | { readonly kind: "unknown"; readonly subcommand: string }
  | { readonly kind: "incomplete" };

const maxKeyBytes = 64;
const keyForm = /^[A-Za-z0-9_./-]+$/;

/** Reads what follows the target. */
export function parseMetadata(params: readonly string[]): MetadataRequest | MetadataFault {
  const [subcommand, ...rest] = params;
  if (subcommand === undefined) return { kind: "incomplete" };
  switch (upperAscii(subcommand)) {
    case "GET":
      return withKeys("get", rest);
    case "SUB":
      return withKeys("subscribe", rest);
    case "UNSUB":
      return withKeys("unsubscribe", rest);
    case "LIST":
      return { kind: "list" };
    case "CLEAR":
      return { kind: "clear" };
    case "SUBS":
      return { kind: "subscriptions" };
    case "SYNC":
      return { kind: "sync" };
    case "SET": {
      const [key, value] = rest;
      return key === undefined ? { kind: "incomplete" } : { kind: "set", key, value };
    }
    default:
      return { kind: "unknown", subcommand };
  }
}

/** The key that is meant, in whatever case it was sent; `undefined` where it cannot be one. */
export function parseMetadataKey(text: string): string | undefined {
  return text.length <= maxKeyBytes && keyForm.test(text) ? text.toLowerCase() : undefined;
}

function withKeys(
  kind: "get" | "subscribe" | "unsubscribe",
  params: readonly string[],
): MetadataRequest | MetadataFault {
  // A client may have put them all into the last parameter.
  const keys = params.flatMap((param) => param.split(" ")).filter((key) => key !== "");
  return keys.length === 0 ? { kind: "incomplete" } : { kind, keys };
}
