import type { RoleName } from "./room.ts";
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
  | { readonly reason: "password-empty" }
  | { readonly reason: "password-unreadable" }
  | { readonly reason: "password-too-short"; readonly minCharacters: number }
  | { readonly reason: "password-too-long"; readonly maxBytes: number }
  | { readonly reason: "email-needed" }
  | { readonly reason: "email-unusable"; readonly email: string }
  | { readonly reason: "too-many-guesses"; readonly retryAfterMs: number }
  | { readonly reason: "not-online"; readonly name: string }
  | { readonly reason: "too-much-waits"; readonly name: string }
  | { readonly reason: "to-oneself" }
  | { readonly reason: "ignoring-oneself" }
  | { readonly reason: "not-ignored"; readonly name: string }
  | { readonly reason: "too-many-ignored"; readonly max: number }
  | { readonly reason: "accounts-only"; readonly name: string }
  | { readonly reason: "real-name-unusable"; readonly maxBytes: number }
  | { readonly reason: "operator-needed" }
  | { readonly reason: "no-such-target"; readonly target: string }
  | { readonly reason: "metadata-forbidden" }
  | { readonly reason: "metadata-not-set"; readonly key: string }
  | { readonly reason: "metadata-full"; readonly max: number }
  | { readonly reason: "metadata-too-long"; readonly maxBytes: number }
  | { readonly reason: "name-registered"; readonly name: string }
  | { readonly reason: "name-unchanged"; readonly name: string }
  | { readonly reason: "room-name-unusable"; readonly room: string }
  | { readonly reason: "room-name-too-long"; readonly room: string; readonly maxCharacters: number }
  | { readonly reason: "room-name-taken"; readonly room: string }
  | { readonly reason: "no-such-room"; readonly room: string }
  | { readonly reason: "not-in-room"; readonly room: string }
  | { readonly reason: "in-no-room" }
  | { readonly reason: "already-in-room"; readonly room: string }
  | { readonly reason: "not-a-member"; readonly room: string; readonly name: string }
  | { readonly reason: "already-a-member"; readonly room: string; readonly name: string }
  | { readonly reason: "banned-from-room"; readonly room: string }
  | { readonly reason: "invitation-needed"; readonly room: string }
  | { readonly reason: "account-needed"; readonly room: string }
  | { readonly reason: "wrong-room-key"; readonly room: string }
  | { readonly reason: "room-full"; readonly room: string; readonly limit: number }
  | { readonly reason: "room-moderated"; readonly room: string }
  | { readonly reason: "room-without-ctcp"; readonly room: string }
  | { readonly reason: "role-needed"; readonly room: string; readonly role: RoleName }
  | { readonly reason: "outranked"; readonly room: string }
  | { readonly reason: "not-in-lobby" }
  | { readonly reason: "too-many-rooms"; readonly max: number }
  | { readonly reason: "too-many-rooms-here"; readonly max: number }
  | { readonly reason: "too-many-masks"; readonly room: string; readonly max: number }
  | { readonly reason: "wrong-password" }
  | { readonly reason: "account-exists"; readonly name: string }
  | { readonly reason: "already-signed-in"; readonly account: string }
  | { readonly reason: "clear-password" }
  | { readonly reason: "not-signed-in" }
  /** The connection showed none. */
  | { readonly reason: "no-certificate" }
  /** Nobody signs in by it, or somebody else than is said. */
  | { readonly reason: "unknown-certificate" }
  /** Somebody else signs in by it. */
  | { readonly reason: "certificate-taken" }
  | { readonly reason: "no-such-device"; readonly device: string }
  | { readonly reason: "no-such-stream"; readonly stream: string }
  | { readonly reason: "text-empty" }
  | { readonly reason: "text-too-long"; readonly maxBytes: number }
  | { readonly reason: "text-too-many-lines"; readonly maxLines: number }
  | { readonly reason: "no-such-message"; readonly id: string }
  | { readonly reason: "not-your-message"; readonly id: string }
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
  "password-empty": true,
  "password-unreadable": true,
  "password-too-short": true,
  "password-too-long": true,
  "email-needed": true,
  "email-unusable": true,
  "too-many-guesses": true,
  "not-online": true,
  "too-much-waits": true,
  "to-oneself": true,
  "ignoring-oneself": true,
  "not-ignored": true,
  "too-many-ignored": true,
  "accounts-only": true,
  "real-name-unusable": true,
  "operator-needed": true,
  "no-such-target": true,
  "metadata-forbidden": true,
  "metadata-not-set": true,
  "metadata-full": true,
  "metadata-too-long": true,
  "name-registered": true,
  "name-unchanged": true,
  "room-name-unusable": true,
  "room-name-too-long": true,
  "room-name-taken": true,
  "no-such-room": true,
  "not-in-room": true,
  "in-no-room": true,
  "already-in-room": true,
  "not-a-member": true,
  "already-a-member": true,
  "banned-from-room": true,
  "invitation-needed": true,
  "account-needed": true,
  "wrong-room-key": true,
  "room-full": true,
  "room-moderated": true,
  "room-without-ctcp": true,
  "role-needed": true,
  outranked: true,
  "not-in-lobby": true,
  "too-many-rooms": true,
  "too-many-rooms-here": true,
  "too-many-masks": true,
  "wrong-password": true,
  "account-exists": true,
  "already-signed-in": true,
  "clear-password": true,
  "not-signed-in": true,
  "no-certificate": true,
  "unknown-certificate": true,
  "certificate-taken": true,
  "no-such-device": true,
  "no-such-stream": true,
  "text-empty": true,
  "text-too-long": true,
  "text-too-many-lines": true,
  "no-such-message": true,
  "not-your-message": true,
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
