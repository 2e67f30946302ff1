/** How many values fell between which bounds; plain data, which threads hand to each other. */
export interface Distribution {
  /** One for each bound: the values up to it and above the one before. The last: those above all bounds. */
  readonly counts: readonly number[];
  readonly sum: number;
}

/** Counts values by size. Observing is a few comparisons and makes nothing. */
export class Histogram implements Distribution {
  readonly counts: number[];
  sum = 0;
  readonly #bounds: readonly number[];

  /** `bounds` grow. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.counts = Array.from({ length: bounds.length + 1 }, () => 0);
  }

  observe(value: number): void {
    let index = 0;
    while (index < this.#bounds.length && value > this.#bounds[index]!) index += 1;
    this.counts[index]! += 1;
    this.sum += value;
  }

  get distribution(): Distribution {
    return { counts: [...this.counts], sum: this.sum };
  }
}
