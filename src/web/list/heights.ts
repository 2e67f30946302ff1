/** What a row is taken to be high before anybody has seen it, in pixels. */
const firstGuess = 40;

/** Where the rows of a list stand, of which only those in sight have ever been measured. */
export class Heights {
  readonly #measured = new Map<number, number>();
  #sum = 0;

  /** Takes the height of a row by its serial. Returns whether it was another one before. */
  measure(serial: number, height: number): boolean {
    const before = this.#measured.get(serial);
    if (before === height) return false;
    this.#measured.set(serial, height);
    this.#sum += height - (before ?? 0);
    return true;
  }

  /** The width has changed: nothing holds any more, but what rows are high on the average. */
  forget(): void {
    const mean = this.#mean;
    this.#measured.clear();
    this.#sum = 0;
    this.#guess = mean;
  }
  #guess = firstGuess;

  get #mean(): number {
    return this.#measured.size === 0 ? this.#guess : this.#sum / this.#measured.size;
  }

  /** The upper edges of rows with these serials, and at the end the lower edge of the last one. */
  edges(serials: Iterable<number>, count: number): Float64Array {
    const edges = new Float64Array(count + 1);
    const mean = this.#mean;
    let index = 0;
    let edge = 0;
    for (const serial of serials) {
      edges[index] = edge;
      edge += this.#measured.get(serial) ?? mean;
      index += 1;
    }
    edges[index] = edge;
    return edges;
  }
}

/** The last row whose upper edge is not below this place; 0 in an empty list. */
export function rowAtEdge(edges: Float64Array, place: number): number {
  let low = 0;
  let high = Math.max(0, edges.length - 2);
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] ?? 0) <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
