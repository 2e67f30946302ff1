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
  | { readonly reason: "password-empty" }
  | { readonly reason: "password-unreadable" }
  | { readonly reason: "password-too-short"; readonly minCharacters: number }
  | { readonly reason: "password-too-long"; readonly maxBytes: number }
  | { readonly reason: "too-many-guesses"; readonly retryAfterMs: number }
  | { readonly reason: "not-online"; readonly name: string }
  | { readonly reason: "to-oneself" }
  | { readonly reason: "no-such-stream"; readonly stream: string }
  | { readonly reason: "text-empty" }
  | { readonly reason: "text-too-long"; readonly maxBytes: number }
  | { readonly reason: "too-fast"; readonly retryAfterMs: number }
  | { readonly reason: "retry-mismatch" }
  | { readonly reason: "overloaded" }
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
  "password-empty": true,
  "password-unreadable": true,
  "password-too-short": true,
  "password-too-long": true,
  "too-many-guesses": true,
  "not-online": true,
  "to-oneself": true,
  "no-such-stream": true,
  "text-empty": true,
  "text-too-long": true,
  "too-fast": true,
  "retry-mismatch": true,
  overloaded: true,
  "storage-full": true,
  "storage-busy": true,
  "storage-failing": true,
  "storage-unknown": true,
};
