import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";

/** A certificate, with those that vouch for it, and its private key: in PEM, so that every thread can be given it. */
export interface Certificate {
  readonly chain: string;
  readonly key: string;
}

export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
}

/** Why a certificate cannot be used: a sentence that names the option and the file. */
export class CertificateError extends Error {
  override readonly name = "CertificateError";
}

/** @throws CertificateError where one cannot be read, or they do not belong together. */
export function readCertificate(files: CertificateFiles): Certificate {
  const chain = read(files.chain, "--tls-cert");
  const key = read(files.key, "--tls-key");
  const certificate = attempt(() => new X509Certificate(chain));
  if (certificate === undefined) {
    throw problem(files.chain, "--tls-cert", "is no certificate in PEM (-----BEGIN CERTIFICATE-----)");
  }
  const privateKey = attempt(() => createPrivateKey(key));
  if (privateKey === undefined) {
    throw problem(files.key, "--tls-key", "is no private key in PEM, or has a passphrase");
  }
  if (!certificate.checkPrivateKey(privateKey)) {
    const other = `is not the key of the certificate in ${JSON.stringify(files.chain)}`;
    throw problem(files.key, "--tls-key", other);
  }
  try {
    createSecureContext({ cert: chain, key });
  } catch (error) {
    throw problem(files.chain, "--tls-cert", `cannot be served: ${reasonOf(error)}`);
  }
  return { chain, key };
}

/** What people compare, as OpenSSL shows it: `AA:BB:…`, of 32 bytes. */
export function fingerprintOf({ chain }: Certificate): string {
  return new X509Certificate(chain).fingerprint256;
}

/** OpenSSL's reason without where in its source it was found. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "reason" in error && typeof error.reason === "string" ? error.reason : error.message;
}

function read(path: string, option: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw problem(path, option, `cannot be read (${error instanceof Error ? error.message : String(error)})`);
  }
}

function problem(path: string, option: string, what: string): CertificateError {
  return new CertificateError(`Cannot use ${option}: ${JSON.stringify(path)} ${what}`);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
