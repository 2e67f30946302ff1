import { harmless } from "./input.ts";

/** What was wrong, the first of it; and waiting that ends where something is. */
export class Troubles {
  first: string | undefined;

  wrong(what: string): void {
    this.first ??= harmless(what);
  }

  /** As `wrong`, for what explains whatever else is wrong. */
  explain(what: string): void {
    this.first = harmless(what);
  }

  /** Resolves when the condition holds; that it does not within `ms` is wrong too. */
  async until(condition: () => boolean, ms: number, what: () => string): Promise<void> {
    const deadline = performance.now() + ms;
    while (!condition() && this.first === undefined) {
      if (performance.now() > deadline) this.wrong(`Waited ${ms} ms in vain for ${what()}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
