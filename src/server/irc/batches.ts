import { closeBatch, inBatch, openBatch } from "../../protocols/irc/labels.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import type { IrcSession } from "./session.ts";

/** Messages in a batch of a type with its parameters; as they are for who does not know batches. */
export function batchOf(
  session: IrcSession,
  [type, ...params]: readonly [type: string, ...params: readonly string[]],
  messages: readonly OutgoingMessage[],
): readonly OutgoingMessage[] {
  if (!session.has("batch")) return messages;
  const reference = session.newBatch();
  return [
    openBatch(reference, type, ...params),
    ...messages.map((message) => inBatch(message, reference)),
    closeBatch(reference),
  ];
}
