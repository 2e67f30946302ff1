import type { Chat } from "./chat.ts";
import type { PersonId } from "./event.ts";
import type { Ignored } from "./ignore-lists.ts";

/** Whom people with an account ignore, in JSON under `ignored/<person>`. */
export const ignoreRecords = "ignored/";

export function ignoreKey(person: PersonId): string {
  return `${ignoreRecords}${person}`;
}

/** What there is to keep under a key; `undefined`: nothing. */
export function ignoreRecordOf({ ignoring }: Chat, key: string): string | undefined {
  const entries = ignoring.of(personOf(key));
  return entries.length === 0 ? undefined : JSON.stringify(entries);
}

/** Whether nothing is kept under a key: guests ignore others for as long as they are here. */
export function isPassingIgnore({ accounts }: Chat, key: string): boolean {
  return !accounts.has(personOf(key));
}

/** Has somebody ignore those that a record says. Records come after the accounts. */
export function takeIgnoreRecord({ ignoring }: Chat, key: string, value: string | undefined): void {
  ignoring.set(personOf(key), value === undefined ? [] : (JSON.parse(value) as Ignored[]));
}

function personOf(key: string): PersonId {
  return key.slice(ignoreRecords.length) as PersonId;
}
