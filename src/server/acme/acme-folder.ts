import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { acmeFolderName } from "../../storage/data-folder.ts";
import { writePrivately } from "../../storage/private-file.ts";
import { type Certificate, CertificateError } from "../tls/certificate.ts";
import { isPair } from "./fitness.ts";

/** PEM may have anything before it. */
const issuedBy = "Issued by ";

/** What was got from an authority, in the data folder: the account's key, and the last certificate with its key. */
export class AcmeFolder {
  readonly #path: string;

  constructor(dataFolder: string) {
    this.#path = join(dataFolder, acmeFolderName);
  }

  /** The account's key; made where there is none yet. */
  accountKey(): KeyObject {
    const path = this.#file("account-key.pem");
    if (existsSync(path)) return createPrivateKey(readFileSync(path));
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#make();
    writePrivately(path, String(privateKey.export({ type: "pkcs8", format: "pem" })));
    return privateKey;
  }

  /**
   * The last certificate; `undefined` where there is none, or a crash has left only the half of it.
   *
   * @throws CertificateError where it cannot be read.
   */
  certificate(): Certificate | undefined {
    const [chain, key] = [this.#file("cert.pem"), this.#file("key.pem")];
    if (!existsSync(chain) || !existsSync(key)) return undefined;
    const found = { chain: read(chain), key: read(key) };
    return isPair(found) ? found : undefined;
  }

  /** Keeps a certificate in the place of the last one, and says how it is found there. */
  keep(issued: Certificate, directory: string): Certificate {
    const kept = { chain: `${issuedBy}${directory}\n${issued.chain}`, key: issued.key };
    this.#make();
    writePrivately(this.#file("key.pem"), kept.key);
    writePrivately(this.#file("cert.pem"), kept.chain);
    return kept;
  }

  #file(name: string): string {
    return join(this.#path, name);
  }

  #make(): void {
    mkdirSync(this.#path, { recursive: true });
    chmodSync(this.#path, 0o700);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CertificateError(`Cannot use --acme: ${JSON.stringify(path)} cannot be read (${reason})`);
  }
}

/** Whether a certificate that is kept came from the authority with this directory. */
export function isIssuedBy({ chain }: Certificate, directory: string): boolean {
  return chain.startsWith(`${issuedBy}${directory}\n`);
}
