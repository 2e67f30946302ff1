import { decodeBase64 } from "./base64.ts";

/** What a client's `AUTHENTICATE`, after the first, makes of what came before. */
export type SaslInput =
  /** The response is longer than this message, and goes on in the next. */
  | { readonly kind: "more" }
  | { readonly kind: "response"; readonly bytes: Buffer }
  /** To be answered by numeric 906. */
  | { readonly kind: "aborted" }
  /** To be answered by numeric 905. */
  | { readonly kind: "too-long" }
  /** Not Base64. To be answered by numeric 904. */
  | { readonly kind: "malformed" };

/** IRCv3 SASL 3.1, "The AUTHENTICATE command". */
const chunkLength = 400;

/** Puts responses together of the parameters of `AUTHENTICATE`. After a response it is ready for the next one. */
export class SaslResponses {
  readonly #maxLength: number;
  #encoded = "";

  /** @param maxLength how long a response may be in Base64 */
  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  push(param: string): SaslInput {
    if (param === "*") return this.#end({ kind: "aborted" });
    const chunk = param === "+" ? "" : param;
    if (chunk.length > chunkLength || this.#encoded.length + chunk.length > this.#maxLength) {
      return this.#end({ kind: "too-long" });
    }
    this.#encoded += chunk;
    if (chunk.length === chunkLength) return { kind: "more" };
    const bytes = decodeBase64(this.#encoded);
    return this.#end(bytes === undefined ? { kind: "malformed" } : { kind: "response", bytes });
  }

  #end(input: SaslInput): SaslInput {
    this.#encoded = "";
    return input;
  }
}

/** The parameters of so many `AUTHENTICATE` in which a challenge is sent. */
export function saslChunks(challenge: Buffer): readonly string[] {
  const encoded = challenge.toString("base64");
  const chunks: string[] = [];
  for (let at = 0; at < encoded.length; at += chunkLength) chunks.push(encoded.slice(at, at + chunkLength));
  return encoded.length % chunkLength === 0 ? [...chunks, "+"] : chunks;
}
