import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Settings } from "../settings.ts";
import { type Certificate, fingerprintOf } from "../tls/certificate.ts";
import { AcmeError } from "./acme-error.ts";
import { type AcmeFolder, isIssuedBy } from "./acme-folder.ts";
import { Authority } from "./authority.ts";
import type { ChallengeAnswer } from "./challenge.ts";
import { unfitness, validityOf } from "./fitness.ts";
import { CertificateOrder } from "./order.ts";
import { renewalDueAt, retryPauseMs } from "./schedule.ts";

const lookEveryMs = 3_600_000;

export interface CertificateKeeperOptions {
  readonly settings: Pick<Settings, "acmeDomains" | "acmeEmail" | "acmeDirectory" | "acmeChallenge">;
  readonly folder: AcmeFolder;
  readonly clock: Clock;
  readonly log: Log;
  /** Has these challenges answered on the port, and no others; resolves when they are. */
  readonly publish: (answers: readonly ChallengeAnswer[]) => Promise<void>;
  /** Shows this certificate to who comes from now on. */
  readonly replace: (certificate: Certificate) => void;
}

/**
 * Sees to it that there is a certificate from an authority: gets one where there is none that is good for the names,
 * and renews it in time. What fails is told and tried again; the present certificate is shown meanwhile.
 */
export class CertificateKeeper {
  readonly #options: CertificateKeeperOptions;
  readonly #ending = new AbortController();
  readonly #chance = Math.random();
  #present: Certificate | undefined;
  #failures = 0;
  #timer: ReturnType<Clock["after"]> | undefined;
  #running: Promise<void> | undefined;

  private constructor(options: CertificateKeeperOptions) {
    this.#options = options;
    this.#present = options.folder.certificate();
  }

  static start(options: CertificateKeeperOptions): CertificateKeeper {
    const keeper = new CertificateKeeper(options);
    keeper.#look();
    return keeper;
  }

  /** Ends what is under way; resolves when nothing more comes of it. */
  async stop(): Promise<void> {
    this.#ending.abort();
    this.#timer?.cancel();
    await this.#running;
  }

  #look(): void {
    if (this.#isDue()) this.#running = this.#renew();
    else this.#lookAfter(lookEveryMs);
  }

  #lookAfter(ms: number): void {
    if (!this.#ending.signal.aborted) this.#timer = this.#options.clock.after(ms, () => this.#look());
  }

  #isDue(): boolean {
    const { settings, clock } = this.#options;
    const now = clock.now();
    if (this.#present === undefined || !isIssuedBy(this.#present, settings.acmeDirectory)) return true;
    if (unfitness(this.#present, { domains: settings.acmeDomains, now }) !== undefined) return true;
    return now >= renewalDueAt(validityOf(this.#present), this.#chance);
  }

  async #renew(): Promise<void> {
    const { settings, folder, clock, log, replace } = this.#options;
    const names = settings.acmeDomains.join(", ");
    try {
      const issued = await this.#obtain();
      this.#present = folder.keep(issued, settings.acmeDirectory);
      replace(this.#present);
      this.#failures = 0;
      const until = new Date(validityOf(this.#present).to).toISOString();
      const about = `good until ${until}, SHA-256 ${fingerprintOf(this.#present)}`;
      log({ kind: "info", text: `A certificate for ${names} was obtained: ${about}` });
      this.#lookAfter(lookEveryMs);
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      this.#failures += 1;
      const pauseMs = retryPauseMs(
        this.#failures,
        error instanceof AcmeError ? error.retryAfterMs : undefined,
      );
      const at = new Date(clock.now() + pauseMs).toISOString();
      const text = `Cannot get a certificate for ${names}: ${problemText(error)}; it is tried again at ${at}`;
      log({ kind: "warning", text });
      this.#lookAfter(pauseMs);
    }
  }

  async #obtain(): Promise<Certificate> {
    const { settings, folder, clock, publish } = this.#options;
    const { acmeDirectory, acmeEmail: email, acmeDomains: domains, acmeChallenge: challenge } = settings;
    const means = { clock, signal: this.#ending.signal };
    const key = folder.accountKey();
    const authority = await Authority.open(acmeDirectory, { key, email }, means);
    const order = new CertificateOrder(authority, { ...means, domains, challenge, key, publish });
    const issued = await order.obtain();
    const problem = unfitness(issued, { domains, now: clock.now() });
    if (problem !== undefined) throw new AcmeError(`issued a certificate that ${problem}`);
    return issued;
  }
}

/** The data folder may fail as well as the authority. */
function problemText(error: unknown): string {
  if (error instanceof AcmeError) return `the authority ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}
