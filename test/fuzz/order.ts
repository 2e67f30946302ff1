import { watchers } from "./hostile.ts";
import type { Troubles } from "./troubles.ts";

const canary = new RegExp(`^${watchers.canary}: canary (\\d+)$`);

/** The one order of what was said to everybody, as several witnesses tell it: whoever tells another is wrong. */
export class Order {
  readonly #troubles: Troubles;
  readonly #said: string[] = [];
  readonly #heard = new Map<string, number>();
  readonly #canaries = new Map<string, number>();

  constructor(troubles: Troubles) {
    this.#troubles = troubles;
  }

  get length(): number {
    return this.#said.length;
  }

  /** A witness was told this next. */
  tell(witness: string, text: string): void {
    const at = this.#heard.get(witness) ?? 0;
    this.#heard.set(witness, at + 1);
    this.hear(witness, text);
    const known = this.#said[at];
    if (known === undefined) this.#said.push(text);
    else if (known !== text) {
      this.#troubles.wrong(
        `#${at + 1} is ${JSON.stringify(text)} to ${witness}, and ${JSON.stringify(known)} to others`,
      );
    }
  }

  /** A witness was told this, who does not tell everything as others do. */
  hear(witness: string, text: string): void {
    const number = canary.exec(text)?.[1];
    if (number !== undefined) this.#canaries.set(witness, Number(number));
  }

  /** What comes next is gone from what the witness is told, since it was taken back. */
  skip(witness: string): void {
    this.#heard.set(witness, (this.#heard.get(witness) ?? 0) + 1);
  }

  heardCanary(witness: string, number: number): boolean {
    return this.#canaries.get(witness) === number;
  }

  /** Everybody has to have been told everything. */
  judgeEnd(witnesses: readonly string[]): void {
    for (const witness of witnesses) {
      const heard = this.#heard.get(witness) ?? 0;
      if (heard !== this.length) this.#troubles.wrong(`${witness} was told ${heard} texts of ${this.length}`);
    }
  }
}
