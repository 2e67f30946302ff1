import type { SearchKey } from "./search.ts";

/**
 * Why something that was asked for may not be. The core (or the server's limits) gives the reason;
 * each door words it, from a table that the compiler keeps total.
 */
export type Refusal =
  | { readonly reason: "name-empty" }
  | { readonly reason: "name-white-space"; readonly name: string }
  | { readonly reason: "name-slash"; readonly name: string }
  | { readonly reason: "name-invisible"; readonly name: string }
  | { readonly reason: "name-unsafe"; readonly name: string; readonly character: string }
  | { readonly reason: "name-too-long"; readonly name: string; readonly maxCharacters: number }
  | { readonly reason: "name-reserved"; readonly name: string }
  | { readonly reason: "name-in-use"; readonly name: string }
  | { readonly reason: "name-look-alike"; readonly name: string; readonly holder: string }
  | { readonly reason: "not-online"; readonly name: string }
  | { readonly reason: "to-oneself" }
  | { readonly reason: "no-such-stream"; readonly stream: string }
  | { readonly reason: "text-empty" }
  | { readonly reason: "text-too-long"; readonly maxBytes: number }
  | { readonly reason: "too-fast"; readonly retryAfterMs: number }
  | { readonly reason: "retry-mismatch" }
  | { readonly reason: "overloaded" }
  /** There is nothing in a search that could be found. */
  | { readonly reason: "search-empty" }
  /** A quotation mark has no second one. */
  | { readonly reason: "search-unended"; readonly phrase: string }
  /** Nothing stands behind `from:` or its kin. */
  | { readonly reason: "search-incomplete"; readonly key: SearchKey }
  | { readonly reason: "search-twice"; readonly key: SearchKey }
  | { readonly reason: "search-date"; readonly key: SearchKey; readonly given: string }
  | { readonly reason: "search-too-long"; readonly maxWords: number }
  /** Too many searches wait already. */
  | { readonly reason: "search-busy" }
  | { readonly reason: "storage-full" }
  | { readonly reason: "storage-busy" }
  | { readonly reason: "storage-failing" }
  | { readonly reason: "storage-unknown" };

export type RefusalReason = Refusal["reason"];

/** All of them, which the compiler holds complete. */
export const refusalReasons: Readonly<Record<RefusalReason, true>> = {
  "name-empty": true,
  "name-white-space": true,
  "name-slash": true,
  "name-invisible": true,
  "name-unsafe": true,
  "name-too-long": true,
  "name-reserved": true,
  "name-in-use": true,
  "name-look-alike": true,
  "not-online": true,
  "to-oneself": true,
  "no-such-stream": true,
  "text-empty": true,
  "text-too-long": true,
  "too-fast": true,
  "retry-mismatch": true,
  overloaded: true,
  "search-empty": true,
  "search-unended": true,
  "search-incomplete": true,
  "search-twice": true,
  "search-date": true,
  "search-too-long": true,
  "search-busy": true,
  "storage-full": true,
  "storage-busy": true,
  "storage-failing": true,
  "storage-unknown": true,
};
