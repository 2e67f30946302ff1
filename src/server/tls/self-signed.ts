import { hostname, networkInterfaces } from "node:os";
import { writePrivately } from "../../storage/private-file.ts";
import type { CertificateFiles } from "./certificate.ts";
import { makeCertificate } from "./make-certificate.ts";

const years = 10;

/**
 * Makes a certificate that nobody else vouches for, for the names and addresses of this machine, and puts it into
 * these files. A crash leaves either none of them, the key alone, or both, each of them whole.
 */
export async function makeSelfSigned(files: CertificateFiles, now: Date): Promise<void> {
  const notAfter = new Date(now);
  notAfter.setUTCFullYear(now.getUTCFullYear() + years);
  const names = [...hostNames(), ...addresses()];
  const made = await makeCertificate({ commonName: "Roomful", names, notBefore: now, notAfter });
  // The certificate comes last: where it is, its key is.
  writePrivately(files.key, made.key);
  writePrivately(files.chain, made.chain);
}

function hostNames(): readonly { readonly type: "dns"; readonly value: string }[] {
  const own = hostname().toLowerCase();
  const isName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(own);
  return [...new Set(["localhost", ...(isName ? [own] : [])])].map((value) => ({ type: "dns", value }));
}

function addresses(): readonly { readonly type: "ip"; readonly value: string }[] {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  // A link-local address means something only together with an interface.
  const own = all.filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address);
  return [...new Set(["127.0.0.1", "::1", ...own])].map((value) => ({ type: "ip", value }));
}
