import { existsSync } from "node:fs";
import { join } from "node:path";
import { certificateName, keyName } from "../../storage/data-folder.ts";
import { AcmeFolder } from "../acme/acme-folder.ts";
import type { Settings } from "../settings.ts";
import { type Certificate, type CertificateFiles, fingerprintOf, readCertificate } from "./certificate.ts";
import { makeSelfSigned } from "./self-signed.ts";

/** The certificate that the server shows, and where it comes from. It can be replaced while connections are there. */
export class Certificates {
  #present: Certificate;
  readonly #replaced: (certificate: Certificate) => void;

  private constructor(present: Certificate, replaced: (certificate: Certificate) => void) {
    this.#present = present;
    this.#replaced = replaced;
  }

  /**
   * Reads the files of the settings; those of the data folder are made where they are missing. `replaced` is called
   * with every certificate that takes the place of the first one.
   *
   * @throws CertificateError
   */
  static async open(
    settings: Settings,
    means: { readonly now: Date; readonly replaced: (certificate: Certificate) => void },
  ): Promise<Certificates> {
    const files = certificateFiles(settings);
    const isThere =
      issuedCertificate(settings) !== undefined || settings.tlsFiles !== undefined || existsSync(files.chain);
    if (!isThere) await makeSelfSigned(files, means.now);
    return new Certificates(read(settings), means.replaced);
  }

  get present(): Certificate {
    return this.#present;
  }

  get fingerprint(): string {
    return fingerprintOf(this.#present);
  }

  /**
   * Reads the files again. Whether they hold another certificate, which is shown from then on.
   *
   * @throws CertificateError where they cannot be used; then everything stays as it is.
   */
  reread(settings: Settings): boolean {
    const next = read(settings);
    if (next.chain === this.#present.chain && next.key === this.#present.key) return false;
    this.replace(next);
    return true;
  }

  /** New connections are shown this one; those that are there keep theirs. */
  replace(next: Certificate): void {
    this.#present = next;
    this.#replaced(next);
  }
}

/** One that an authority issued is shown rather than the data folder's own. */
function read(settings: Settings): Certificate {
  return issuedCertificate(settings) ?? readCertificate(certificateFiles(settings));
}

/**
 * The one that an authority issued; `undefined` where none has, or none is asked.
 *
 * @throws CertificateError
 */
export function issuedCertificate({ acmeDomains, dataFolder }: Settings): Certificate | undefined {
  return acmeDomains.length === 0 ? undefined : new AcmeFolder(dataFolder).certificate();
}

/** Those that the operator named, or the data folder's own. */
export function certificateFiles({ tlsFiles, dataFolder }: Settings): CertificateFiles {
  return tlsFiles ?? { chain: join(dataFolder, certificateName), key: join(dataFolder, keyName) };
}
