import type { Instant } from "../chat/event.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Ban, Store } from "../storage/store.ts";
import { addressKey } from "./address.ts";

/** Why a connection may not stay. */
export interface Denial {
  readonly reason: ClosingReason;
  /** The operator's words to whom it concerns. */
  readonly text: string | undefined;
  /** For the console. */
  readonly explanation: string;
}

/** Who may come in at all: counts connections by address and knows the bans, which last across restarts. */
export class Gatekeeper {
  readonly #store: Store;
  /** Connections per address; `Infinity` for any number. Those that are there stay where it becomes lower. */
  limit: number;
  readonly #connections = new Map<string, number>();
  readonly #bans = new Map<string, Ban>();

  private constructor(store: Store, limit: number, bans: readonly Ban[]) {
    this.#store = store;
    this.limit = limit;
    for (const ban of bans) this.#bans.set(ban.address, ban);
  }

  static async open(store: Store, limit: number): Promise<Gatekeeper> {
    return new Gatekeeper(store, limit, await store.bans());
  }

  /** Counts a connection; it counts until `release`, also when it is denied. */
  admit(host: string, now: Instant): Denial | undefined {
    const key = addressKey(host);
    const count = (this.#connections.get(key) ?? 0) + 1;
    this.#connections.set(key, count);
    const ban = this.#bans.get(key);
    if (ban !== undefined && (ban.until === undefined || ban.until > now)) {
      return { reason: "banned", text: ban.reason || undefined, explanation: `${key} is banned` };
    }
    if (count > this.limit) {
      const explanation = `more than ${this.limit} connections from ${key} (--address-limit)`;
      return { reason: "too-many-connections", text: undefined, explanation };
    }
    return undefined;
  }

  release(host: string): void {
    const key = addressKey(host);
    const count = (this.#connections.get(key) ?? 1) - 1;
    if (count === 0) this.#connections.delete(key);
    else this.#connections.set(key, count);
  }

  /** Bans an address from now on. The ban holds at once, and after a restart once it resolved. */
  async ban(ban: Ban): Promise<void> {
    this.#bans.set(ban.address, ban);
    await this.#store.ban(ban);
  }

  /** Whether the address was banned. */
  async unban(address: string): Promise<boolean> {
    const known = this.#bans.delete(address);
    return (await this.#store.unban(address)) || known;
  }

  /** The bans that hold. */
  bans(now: Instant): readonly Ban[] {
    return [...this.#bans.values()].filter((ban) => ban.until === undefined || ban.until > now);
  }
}
