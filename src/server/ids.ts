import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type Instant, type MessageId, messageId, type PersonId, type StreamId } from "../chat/event.ts";

const idBytes = 12;
/** A call of the system's generator costs as much for one id as for many. */
const pooledBytes = 341 * idBytes;

/** Makes the ids that the core is handed. */
export class Ids {
  readonly #process = randomBytes(5).toString("hex");
  #count = 0;
  #pool = Buffer.alloc(0);
  #taken = 0;

  /** Unique, and roughly in order of time: milliseconds, this process, a counter. */
  message(at: Instant): MessageId {
    this.#count += 1;
    return messageId(at, `${this.#process}-${this.#count.toString(36)}`);
  }

  person(): PersonId {
    return this.#random() as PersonId;
  }

  room(): StreamId {
    return `room:${this.#random()}` as StreamId;
  }

  device(): string {
    return this.#random();
  }

  #random(): string {
    if (this.#taken === this.#pool.length) {
      this.#pool = randomBytes(pooledBytes);
      this.#taken = 0;
    }
    this.#taken += idBytes;
    return this.#pool.toString("hex", this.#taken - idBytes, this.#taken);
  }
}

/** Who a resume token belongs to. */
export interface Bearer {
  readonly person: PersonId;
  readonly device: string;
}

const maxCloaks = 4096;
const tokenForm = /^([0-9a-f]{24})\.([0-9a-f]{24})\.([A-Za-z0-9_-]{22})$/;

/**
 * Resume tokens: a person and a device, signed with the store's secret. Nothing is kept of them, so giving
 * one out costs no write, and it holds across restarts and when the disk is full.
 */
export class ResumeTokens {
  readonly #secret: Buffer;
  /** Those that were made of late: many come from one address. */
  readonly #cloaks = new Map<string, string>();

  /** `secret` in hexadecimal. */
  constructor(secret: string) {
    this.#secret = Buffer.from(secret, "hex");
  }

  issue(bearer: Bearer): string {
    return `${bearer.person}.${bearer.device}.${this.#sign(bearer).toString("base64url")}`;
  }

  /** Whose token it is, or `undefined` where it was not issued by this store. */
  verify(token: string): Bearer | undefined {
    const [, person, device, signature] = tokenForm.exec(token) ?? [];
    if (person === undefined || device === undefined || signature === undefined) return undefined;
    const bearer = { person: person as PersonId, device };
    return timingSafeEqual(this.#sign(bearer), Buffer.from(signature, "base64url")) ? bearer : undefined;
  }

  /** What others may know an address by: always the same, and nobody can tell the address from it. */
  cloak(address: string): string {
    let cloak = this.#cloaks.get(address);
    if (cloak === undefined) {
      const text = `roomful cloak 1\n${address}`;
      cloak = `${createHmac("sha256", this.#secret).update(text).digest("hex").slice(0, 12)}.hidden`;
      if (this.#cloaks.size === maxCloaks) this.#cloaks.clear();
      this.#cloaks.set(address, cloak);
    }
    return cloak;
  }

  #sign(bearer: Bearer): Buffer {
    const text = `roomful resume token 1\n${bearer.person}\n${bearer.device}`;
    return createHmac("sha256", this.#secret).update(text).digest().subarray(0, 16);
  }
}
