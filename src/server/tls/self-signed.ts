import { hostname, networkInterfaces } from "node:os";
import { writePrivately } from "../../storage/private-file.ts";
import type { CertificateFiles } from "./certificate.ts";

const years = 10;

/**
 * Makes a certificate that nobody else vouches for, for the names and addresses of this machine, and puts it into
 * these files. A crash leaves either none of them, the key alone, or both, each of them whole.
 */
export async function makeSelfSigned(files: CertificateFiles, now: Date): Promise<void> {
  // Only a first start needs it, and only that pays for loading it.
  const { generate } = await import("selfsigned");
  const notAfterDate = new Date(now);
  notAfterDate.setUTCFullYear(now.getUTCFullYear() + years);
  const made = await generate([{ name: "commonName", value: "Roomful" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [...names(), ...addresses()] },
    ],
  });
  // The certificate comes last: where it is, its key is.
  writePrivately(files.key, made.private);
  writePrivately(files.chain, made.cert);
}

function names(): readonly { readonly type: 2; readonly value: string }[] {
  const own = hostname().toLowerCase();
  const isName = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/.test(own);
  return [...new Set(["localhost", ...(isName ? [own] : [])])].map((value) => ({ type: 2, value }));
}

function addresses(): readonly { readonly type: 7; readonly ip: string }[] {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  // A link-local address means something only together with an interface.
  const own = all.filter(({ scopeid }) => (scopeid ?? 0) === 0).map(({ address }) => address);
  return [...new Set(["127.0.0.1", "::1", ...own])].map((ip) => ({ type: 7, ip }));
}
