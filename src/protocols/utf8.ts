/** The text that these bytes are in UTF-8, or `undefined` where they are not. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  const text = bytes.toString("utf8");
  // A U+FFFD stands for bytes that are none, or was sent as one.
  return text.includes("\uFFFD") && !Buffer.from(text).equals(bytes) ? undefined : text;
}
