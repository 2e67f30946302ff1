const form = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** The bytes that this is in Base64 with its padding (RFC 4648, section 4), or `undefined`. Node takes anything. */
export function decodeBase64(text: string): Buffer | undefined {
  return form.test(text) ? Buffer.from(text, "base64") : undefined;
}
