import { hash, KeyObject, webcrypto } from "node:crypto";
import type { Certificate } from "../tls/certificate.ts";
import { signingAlgorithm } from "./certificate-request.ts";

/** How the authority is shown that a name leads to this server. */
export const challengeKinds = ["http-01", "tls-alpn-01"] as const;
export type ChallengeKind = (typeof challengeKinds)[number];

/** What who asks for it is shown; plain data, for every thread that holds connections. */
export type ChallengeAnswer =
  | { readonly kind: "http-01"; readonly token: string; readonly keyAuthorization: string }
  | { readonly kind: "tls-alpn-01"; readonly domain: string; readonly certificate: Certificate };

/** What an authority that speaks TLS to ask for an answer says that it speaks inside. */
export const challengeProtocol = "acme-tls/1";

/** https://www.rfc-editor.org/rfc/rfc8555#section-8.3 */
export const challengePath = "/.well-known/acme-challenge/";

/** https://www.rfc-editor.org/rfc/rfc8737#section-6.1 */
const acmeIdentifier = "1.3.6.1.5.5.7.1.31";
/** DER's OCTET STRING of 32 bytes. */
const octetString32 = Buffer.from([0x04, 0x20]);
const dayMs = 86_400_000;

/** The certificate by which a name is shown to lead here. https://www.rfc-editor.org/rfc/rfc8737#section-3 */
export async function challengeCertificate(
  domain: string,
  authorization: string,
  now: number,
): Promise<Certificate> {
  const x509 = await import("@peculiar/x509");
  const keys = await webcrypto.subtle.generateKey(signingAlgorithm, true, ["sign", "verify"]);
  const digest = hash("sha256", authorization, "buffer");
  const made = await x509.X509CertificateGenerator.createSelfSigned(
    {
      keys,
      signingAlgorithm,
      name: [{ CN: [domain] }],
      notBefore: new Date(now - dayMs),
      notAfter: new Date(now + dayMs),
      extensions: [
        new x509.SubjectAlternativeNameExtension([{ type: "dns", value: domain }]),
        new x509.Extension(acmeIdentifier, true, Buffer.concat([octetString32, digest])),
      ],
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
  return { chain: made.toString("pem"), key: String(key) };
}
