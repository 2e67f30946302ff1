import { createPrivateKey, X509Certificate } from "node:crypto";
import type { Instant } from "../../chat/event.ts";
import type { Certificate } from "../tls/certificate.ts";

/** From when until when a certificate is good. */
export interface Validity {
  readonly from: Instant;
  readonly to: Instant;
}

/** What a certificate should be for. */
export interface Wanted {
  readonly domains: readonly string[];
  readonly now: Instant;
}

export function validityOf({ chain }: Certificate): Validity {
  const { validFromDate, validToDate } = new X509Certificate(chain);
  return { from: validFromDate.getTime(), to: validToDate.getTime() };
}

/** Whether these are a certificate and its key. */
export function isPair({ chain, key }: Certificate): boolean {
  try {
    return new X509Certificate(chain).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** What is wrong with a certificate, to go on after `it`; `undefined` where it can be shown to everybody. */
export function unfitness(certificate: Certificate, { domains, now }: Wanted): string | undefined {
  if (!isPair(certificate)) return "is no certificate for the key";
  const own = new X509Certificate(certificate.chain);
  const missing = domains.find((domain) => own.checkHost(domain, { subject: "never" }) === undefined);
  if (missing !== undefined) return `is not for ${missing}`;
  const { to } = validityOf(certificate);
  return to <= now ? `was good only until ${new Date(to).toISOString()}` : undefined;
}
