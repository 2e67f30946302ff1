import { KeyObject, webcrypto } from "node:crypto";
import { signingAlgorithm } from "../tls/make-certificate.ts";

/** What an authority is asked to sign (PKCS #10), and the new key that it is about. */
export interface CertificateRequest {
  /** In base64url, as ACME has it. */
  readonly der: string;
  /** In PEM. */
  readonly key: string;
}

/** Asks for a certificate for these names, the first of which is its subject. */
export async function requestCertificate(domains: readonly string[]): Promise<CertificateRequest> {
  // Needed every other month, and slow to load.
  const { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } = await import(
    "@peculiar/x509"
  );
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const names = domains.map((value) => ({ type: "dns" as const, value }));
  const made = await Pkcs10CertificateRequestGenerator.create(
    {
      keys,
      signingAlgorithm,
      // A common name has at most 64 characters; those of the extension are what counts.
      name: domains
        .filter((domain) => domain.length <= 64)
        .slice(0, 1)
        .map((domain) => ({ CN: [domain] })),
      extensions: [new SubjectAlternativeNameExtension(names)],
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { der: Buffer.from(made.rawData).toString("base64url"), key: String(key) };
}
