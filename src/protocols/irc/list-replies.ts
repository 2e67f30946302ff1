import { formatMessage, type OutgoingMessage } from "./message.ts";
import { packWords, roomFor } from "./pack.ts";

/**
 * A list that is sent in so many messages as it needs, as with `RPL_NAMREPLY` or `RPL_MONLIST`.
 *
 * @param make the message with a piece of the list in it; called with `""` first, to see what else is in it
 */
export function listReplies(
  words: readonly string[],
  options: { readonly separator: " " | ","; readonly server: string },
  make: (piece: string) => OutgoingMessage,
): readonly OutgoingMessage[] {
  const { separator, server } = options;
  const maxBytes = roomFor(formatMessage({ ...make(""), tags: undefined, source: server }));
  return packWords(words, { separator, maxBytes }).map((line) => ({
    ...make(line.join(separator)),
    source: server,
  }));
}
