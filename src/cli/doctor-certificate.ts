import { X509Certificate } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import type { Settings } from "../server/settings.ts";
import { CertificateError, fingerprintOf, readCertificate } from "../server/tls/certificate.ts";
import { certificateFiles, issuedCertificate } from "../server/tls/certificates.ts";
import { checkIssued } from "./doctor-acme.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

/** In which it is time to see to another one. */
const soonMs = 14 * 86_400_000;

/** Whether the server can show its certificate, and for how long. */
export function checkCertificate(settings: Settings, now: number): readonly Finding[] {
  if (settings.tls === "off") return [warning("TLS is off", "passwords are only safe under it: --tls on")];
  try {
    const issued = issuedCertificate(settings);
    if (issued !== undefined) return [checkIssued(issued, settings, now)];
    const own = checkOwn(settings, now);
    const missing = ok("no authority has issued a certificate yet (--acme); the server goes on asking");
    return settings.acmeDomains.length === 0 ? own : [missing, ...own];
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error;
    return [problem(error.message, "mend the files, or have the server make its own without these options")];
  }
}

function checkOwn(settings: Settings, now: number): readonly Finding[] {
  const files = certificateFiles(settings);
  if (settings.tlsFiles === undefined && !existsSync(files.chain)) {
    return [ok("there is no certificate yet; the server makes one of its own")];
  }
  const certificate = readCertificate(files);
  const time = checkTime(new X509Certificate(certificate.chain), now, fingerprintOf(certificate));
  // Those of the data folder are looked at with everything else in it.
  return settings.tlsFiles === undefined ? [time] : [time, checkMode(files.key)];
}

function checkTime(
  { validFromDate, validToDate }: X509Certificate,
  now: number,
  fingerprint: string,
): Finding {
  const until = validToDate.toISOString().slice(0, "2026-01-01".length);
  const advice = "put another one in its place and send the server SIGHUP";
  if (validToDate.getTime() < now) return problem(`the certificate has been expired since ${until}`, advice);
  if (validFromDate.getTime() > now) {
    return problem(
      `the certificate holds only from ${validFromDate.toISOString()}`,
      "set this machine's clock",
    );
  }
  if (validToDate.getTime() - now < soonMs) return warning(`the certificate expires on ${until}`, advice);
  return ok(`the certificate holds until ${until}: SHA-256 ${fingerprint}`);
}

function checkMode(path: string): Finding {
  const name = JSON.stringify(path);
  if (process.platform !== "win32" && (statSync(path).mode & 0o077) !== 0) {
    return warning(`the private key ${name} can be read by other users`, `chmod 600 ${name}`);
  }
  return ok(`the private key ${name} is its owner's alone`);
}
