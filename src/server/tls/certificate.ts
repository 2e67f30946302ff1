/** A certificate, with those that vouch for it, and its private key: in PEM, so that every thread can be given it. */
export interface Certificate {
  readonly chain: string;
  readonly key: string;
}
