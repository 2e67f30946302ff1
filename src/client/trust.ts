/** What is remembered of a server that was spoken to by TLS: that an authority vouched for it, or its certificate. */
export type Trust =
  | { readonly kind: "vouched" }
  /** Nobody did; this is the SHA-256 fingerprint of the certificate that it showed. */
  | { readonly kind: "pinned"; readonly fingerprint: string };

export interface ShownCertificate {
  /** Whether an authority of this system vouches for it, for this very host. */
  readonly isVouched: boolean;
  readonly fingerprint: string;
}

export type Verdict =
  /** `remember`: what is not remembered yet. */
  | { readonly kind: "trusted"; readonly remember: Trust | undefined }
  | { readonly kind: "refused"; readonly before: Trust };

/**
 * Whether a certificate is trusted, as ssh has it: the first one seen is, and after that no other, unless somebody
 * says so (`accepts`). One that an authority vouches for always is.
 */
export function judge(shown: ShownCertificate, known: Trust | undefined, accepts: boolean): Verdict {
  if (shown.isVouched) {
    return { kind: "trusted", remember: known?.kind === "vouched" ? undefined : { kind: "vouched" } };
  }
  const { fingerprint } = shown;
  if (known?.kind === "pinned" && known.fingerprint === fingerprint) {
    return { kind: "trusted", remember: undefined };
  }
  if (known !== undefined && !accepts) return { kind: "refused", before: known };
  return { kind: "trusted", remember: { kind: "pinned", fingerprint } };
}
