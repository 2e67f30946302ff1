import type { Chat } from "./chat.ts";
import * as ignoring from "./ignore-record.ts";
import * as rooms from "./room-record.ts";

/** What there is to keep under a key beside the streams; `undefined`: nothing. */
export function recordOf(chat: Chat, key: string): string | undefined {
  return isOfIgnoring(key) ? ignoring.ignoreRecordOf(chat, key) : rooms.recordOf(chat.rooms, key);
}

/** Whether nothing is kept under a key: what guests have is theirs while they are here. */
export function isPassing(chat: Chat, key: string): boolean {
  return isOfIgnoring(key) ? ignoring.isPassingIgnore(chat, key) : rooms.isPassing(chat, key);
}

/** Has the chat be as a record says; `undefined`: as if there were none. */
export function takeRecord(chat: Chat, key: string, value: string | undefined): void {
  if (isOfIgnoring(key)) ignoring.takeIgnoreRecord(chat, key, value);
  else rooms.takeRecord(chat, key, value);
}

function isOfIgnoring(key: string): boolean {
  return key.startsWith(ignoring.ignoreRecords);
}
