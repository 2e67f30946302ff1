/** Why there is no certificate, to go on after `the authority`; a later attempt may succeed. */
export class AcmeError extends Error {
  override readonly name = "AcmeError";
  /** The problem's kind, as `urn:ietf:params:acme:error:badNonce`. */
  readonly type: string | undefined;
  /** Before this time has passed the authority will not be asked again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    about: {
      readonly type?: string;
      readonly retryAfterMs?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, { cause: about.cause });
    this.type = about.type;
    this.retryAfterMs = about.retryAfterMs;
  }
}
