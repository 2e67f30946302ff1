import { utf8Length } from "../../chat/text.ts";
import type { OutgoingMessage } from "./message.ts";
import { noTags, type Tags } from "./tags.ts";

/** IRCv3 labeled-response, "Tag value". */
const maxLabelBytes = 64;

/** The label to answer with, or `undefined` where there is none, or one that is longer than it may be. */
export function labelOf(tags: Tags): string | undefined {
  const label = tags.get("label");
  return label === undefined || label === "" || utf8Length(label) > maxLabelBytes ? undefined : label;
}

/** The message that opens a batch: IRCv3 batch. `reference`: ASCII letters, digits and hyphens. */
export function openBatch(reference: string, type: string, ...params: readonly string[]): OutgoingMessage {
  return { command: "BATCH", params: [`+${reference}`, type, ...params] };
}

export function closeBatch(reference: string): OutgoingMessage {
  return { command: "BATCH", params: [`-${reference}`] };
}

/** The message as part of a batch. */
export function inBatch(message: OutgoingMessage, reference: string): OutgoingMessage {
  return tagged(message, "batch", reference);
}

/**
 * All that answers a labeled command, so that the label is on exactly one message: `ACK` where there is nothing to
 * answer, one message or one batch as it is, and else a batch of them: IRCv3 labeled-response, "Architecture".
 *
 * @param batch the reference of the batch that may be needed, and the source of what is added
 */
export function labeled(
  label: string,
  replies: readonly OutgoingMessage[],
  batch: { readonly reference: string; readonly source: string },
): readonly OutgoingMessage[] {
  const { reference, source } = batch;
  const [first, ...rest] = replies;
  if (first === undefined) return [tagged({ source, command: "ACK" }, "label", label)];
  if (rest.length === 0 || isOneBatch(replies)) return [tagged(first, "label", label), ...rest];
  return [
    tagged({ ...openBatch(reference, "labeled-response"), source }, "label", label),
    ...replies.map((reply) => (reply.tags?.has("batch") === true ? reply : inBatch(reply, reference))),
    { ...closeBatch(reference), source },
  ];
}

/** Whether the last message closes the batch that the first one opens. */
function isOneBatch(replies: readonly OutgoingMessage[]): boolean {
  const [opened, closed] = [replies[0], replies.at(-1)].map((message) =>
    message?.command === "BATCH" ? (message.params?.[0] ?? "") : "",
  );
  return opened !== undefined && opened.startsWith("+") && closed === `-${opened.slice(1)}`;
}

function tagged(message: OutgoingMessage, key: string, value: string): OutgoingMessage {
  return { ...message, tags: new Map([[key, value], ...(message.tags ?? noTags)]) };
}
