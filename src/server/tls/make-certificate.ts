import { KeyObject, webcrypto } from "node:crypto";
import type { Certificate } from "./certificate.ts";

/** What the server's own keys sign with. */
export const signingAlgorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

interface CertificateOptions {
  readonly commonName: string;
  /** For whom it is good. */
  readonly names: readonly { readonly type: "dns" | "ip"; readonly value: string }[];
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** A critical extension beside the usual ones: its object identifier and its value in DER. */
  readonly extension?: { readonly id: string; readonly value: Buffer };
}

/** A certificate for a server, which nobody else vouches for, with a new key. */
export async function makeCertificate(options: CertificateOptions): Promise<Certificate> {
  // Seldom needed, and slow to load.
  const x509 = await import("@peculiar/x509");
  const { commonName, names, notBefore, notAfter, extension } = options;
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      keys,
      signingAlgorithm,
      name: [{ CN: [commonName] }],
      notBefore,
      notAfter,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([...names]),
        ...(extension === undefined ? [] : [new x509.Extension(extension.id, true, extension.value)]),
      ],
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { chain: made.toString("pem"), key: String(key) };
}
