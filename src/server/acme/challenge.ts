import { hash } from "node:crypto";
import type { Certificate } from "../tls/certificate.ts";
import { makeCertificate } from "../tls/make-certificate.ts";

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
export function challengeCertificate(
  domain: string,
  authorization: string,
  now: number,
): Promise<Certificate> {
  const digest = hash("sha256", authorization, "buffer");
  return makeCertificate({
    commonName: domain,
    names: [{ type: "dns", value: domain }],
    notBefore: new Date(now - dayMs),
    notAfter: new Date(now + dayMs),
    extension: { id: acmeIdentifier, value: Buffer.concat([octetString32, digest]) },
  });
}
