import { isIssuedBy } from "../server/acme/acme-folder.ts";
import { unfitness, validityOf } from "../server/acme/fitness.ts";
import type { Settings } from "../server/settings.ts";
import { type Certificate, fingerprintOf } from "../server/tls/certificate.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** With a third of its time left it is renewed; with so much left that has failed for long. */
const leastShare = 1 / 5;

/** Whether a certificate from an authority does for what the server is run with, and for how long. */
export function checkIssued(certificate: Certificate, settings: Settings, now: number): Finding {
  const { acmeDomains: domains, acmeDirectory: directory, acmeChallenge } = settings;
  const unfit = unfitness(certificate, { domains, now });
  const advice = `the server asks for another: see what its console says of that, and that ${ways[acmeChallenge]}`;
  if (unfit !== undefined) return warning(`the certificate of --acme ${unfit}`, advice);
  if (!isIssuedBy(certificate, directory)) {
    return warning(`the certificate of --acme is not from ${JSON.stringify(directory)}`, advice);
  }
  const { from, to } = validityOf(certificate);
  const until = new Date(to).toISOString();
  if (to - now < (to - from) * leastShare) {
    return warning(`the certificate of --acme is good only until ${until}`, advice);
  }
  return ok(`the certificate of --acme is good until ${until}: SHA-256 ${fingerprintOf(certificate)}`);
}

const ways: Readonly<Record<Settings["acmeChallenge"], string>> = {
  "http-01": "port 80 of its names leads to its port",
  "tls-alpn-01": "port 443 of its names leads to its port",
};
