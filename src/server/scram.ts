import { createHash, createHmac, pbkdf2, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { Password } from "../chat/password.ts";

/** What a server keeps for SCRAM-SHA-256 (RFC 5802, RFC 7677), the bytes in base64. It is none to sign in with. */
export interface ScramCredentials {
  readonly salt: string;
  readonly iterations: number;
  readonly storedKey: string;
  readonly serverKey: string;
}

/**
 * What each sign-in costs the client, and each guess somebody who has the database: the most that all clients
 * take. Cyrus SASL refuses more than 65,536; RFC 7677 wants 4,096 at least.
 */
export const scramIterations = 64_000;
const saltBytes = 16;

const pbkdf2Async = promisify(pbkdf2);

/** The credentials for a password, with a new salt. Takes some ten milliseconds, off the event loop. */
export function deriveScram(password: Password): Promise<ScramCredentials> {
  return deriveScramWith(password, randomBytes(saltBytes), scramIterations);
}

export async function deriveScramWith(
  password: Password,
  salt: Buffer,
  iterations: number,
): Promise<ScramCredentials> {
  const salted = await pbkdf2Async(password, salt, iterations, 32, "sha256");
  const clientKey = createHmac("sha256", salted).update("Client Key").digest();
  return {
    salt: salt.toString("base64"),
    iterations,
    storedKey: createHash("sha256").update(clientKey).digest("base64"),
    serverKey: createHmac("sha256", salted).update("Server Key").digest("base64"),
  };
}

/**
 * Credentials for names that have no account: the same for a name whenever it is asked for, across restarts
 * too, as an account's are, and no proof fits them. So a door answers and verifies alike for both.
 */
export class NobodysScram {
  readonly #secret: Buffer;

  /** `secret` in hexadecimal, the store's. */
  constructor(secret: string) {
    this.#secret = Buffer.from(secret, "hex");
  }

  /** @param fold of the name, as `foldName` makes it */
  credentials(fold: string): ScramCredentials {
    return {
      salt: this.#bytes("salt", fold).subarray(0, saltBytes).toString("base64"),
      iterations: scramIterations,
      storedKey: this.#bytes("stored key", fold).toString("base64"),
      serverKey: this.#bytes("server key", fold).toString("base64"),
    };
  }

  #bytes(what: string, fold: string): Buffer {
    return createHmac("sha256", this.#secret).update(`roomful nobody's scram ${what} 1\n${fold}`).digest();
  }
}
