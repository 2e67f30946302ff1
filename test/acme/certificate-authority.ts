import { KeyObject, randomUUID, webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { Certificate } from "../../src/server/tls/certificate.ts";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** From when until when a certificate is good, in milliseconds from now. */
export interface Lifetime {
  readonly fromMs: number;
  readonly toMs: number;
}

const dayMs = 86_400_000;
export const ninetyDays: Lifetime = { fromMs: -3_600_000, toMs: 90 * dayMs };
/** More than two thirds of its time are over. */
export const nearlyOver: Lifetime = { fromMs: -80 * dayMs, toMs: 10 * dayMs };

/** An authority that nobody knows but the tests that made it. */
export class CertificateAuthority {
  readonly #root: x509.X509Certificate;
  readonly #key: webcrypto.CryptoKey;

  private constructor(root: x509.X509Certificate, key: webcrypto.CryptoKey) {
    this.#root = root;
    this.#key = key;
  }

  static async make(): Promise<CertificateAuthority> {
    const keys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned(
      {
        keys,
        signingAlgorithm: algorithm,
        // Two of one name would be taken for one another.
        name: `CN=Authority ${randomUUID()}`,
        notBefore: new Date(Date.now() - 100 * dayMs),
        notAfter: new Date(Date.now() + 100 * dayMs),
        extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
      },
      webcrypto,
    );
    return new CertificateAuthority(root, keys.privateKey);
  }

  /** Its own certificate, in PEM. */
  get pem(): string {
    return this.#root.toString("pem");
  }

  /** A certificate for a public key, in PEM. */
  async certify(
    publicKey: x509.PublicKeyType,
    names: readonly string[],
    lifetime: Lifetime = ninetyDays,
  ): Promise<string> {
    const issued = await x509.X509CertificateGenerator.create(
      {
        publicKey,
        signingKey: this.#key,
        signingAlgorithm: algorithm,
        issuer: this.#root.subject,
        subject: `CN=${names[0]}`,
        notBefore: new Date(Date.now() + lifetime.fromMs),
        notAfter: new Date(Date.now() + lifetime.toMs),
        extensions: [
          new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: "dns" as const, value }))),
        ],
      },
      webcrypto,
    );
    return issued.toString("pem");
  }

  /** A certificate with a key of its own. */
  async issue(names: readonly string[], lifetime?: Lifetime): Promise<Certificate> {
    const keys = await newKeys();
    const chain = await this.certify(keys.publicKey, names, lifetime);
    const key = KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" });
    return { chain, key: String(key) };
  }
}

async function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}
