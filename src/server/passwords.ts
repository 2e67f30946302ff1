import type { Password } from "../chat/password.ts";
import type { Refusal } from "../chat/refusal.ts";
import { BoundedWork } from "./bounded-work.ts";
import { hashPassword, needsRehash, nobodysHash, verifyPassword } from "./password-hash.ts";
import { deriveScram, type ScramCredentials, scramIterations } from "./scram.ts";

/** All that is kept of a password. Plain data. */
export interface StoredPassword {
  /** argon2id, as a PHC string. */
  readonly hash: string;
  readonly scram: ScramCredentials;
}

export type PasswordCheck =
  /** `outdated`: made with another cost than is asked for today, so `prepare` it anew and store that. */
  | { readonly kind: "right"; readonly outdated: boolean }
  | { readonly kind: "wrong" }
  | { readonly kind: "refused"; readonly refusal: Refusal };

const overloaded: Refusal = { reason: "overloaded" };

/**
 * Hashes and checks passwords off the event loop: so many at once, since each takes a core and 19 MiB, while so
 * many may wait. One more is refused at once as `overloaded`.
 */
export class Passwords {
  readonly #work: BoundedWork;
  readonly #nobodys = nobodysHash();

  constructor(limits: { readonly atOnce: number; readonly waiting: number }) {
    this.#work = new BoundedWork(limits);
  }

  /** What to store of a new password. */
  async prepare(password: Password): Promise<StoredPassword | Refusal> {
    const prepared = this.#work.run(async () => {
      const hash = await hashPassword(password);
      return { hash, scram: await deriveScram(password) };
    });
    return (await prepared) ?? overloaded;
  }

  /**
   * Whether it is the account's password. Where `stored` is `undefined`, because there is no account or none
   * with a password, it is wrong, and that takes as long to find out.
   */
  async check(password: Password, stored: StoredPassword | undefined): Promise<PasswordCheck> {
    const hash = stored?.hash ?? this.#nobodys;
    const right = await this.#work.run(() => verifyPassword(password, hash));
    if (right === undefined) return { kind: "refused", refusal: overloaded };
    if (!right || stored === undefined) return { kind: "wrong" };
    return { kind: "right", outdated: needsRehash(hash) || stored.scram.iterations !== scramIterations };
  }
}
