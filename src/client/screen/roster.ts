import { foldName } from "../../chat/name.ts";
import type { OnlineList } from "../../protocols/websocket/messages.ts";

/** Who is here: the names that are known, and how many people there are. */
export class Roster {
  #names = new Map<string, string>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** In the order of the alphabet. */
  get names(): readonly string[] {
    return [...this.#names].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, name]) => name);
  }

  set(online: OnlineList): void {
    this.#names = new Map(online.names.map((name) => [foldName(name), name]));
    this.#count = Math.max(online.count, this.#names.size);
  }

  joined(names: readonly string[], count: number): void {
    for (const name of names) this.#names.set(foldName(name), name);
    this.#count = Math.max(this.#count + count, this.#names.size);
  }

  left(names: readonly string[], count: number): void {
    for (const name of names) this.#names.delete(foldName(name));
    this.#count = Math.max(this.#count - count, this.#names.size);
  }
}
