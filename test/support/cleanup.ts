/** Where is put down what has to be undone: a test's context, or `Cleanup` in a program. */
export interface Undoing {
  after(action: () => unknown): void;
}

/** What a program undoes before it ends, the last first. */
export class Cleanup implements Undoing {
  readonly #actions: (() => unknown)[] = [];

  after(action: () => unknown): void {
    this.#actions.push(action);
  }

  /** Runs `work`, and undoes what it put down, also where it fails or the program is interrupted. */
  static async around<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
    const cleanup = new Cleanup();
    const interrupted = new Promise<never>((_resolve, reject) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        process.once(signal, () => reject(new Error(`Interrupted by ${signal}`)));
      }
    });
    try {
      return await Promise.race([work(cleanup), interrupted]);
    } finally {
      for (const action of cleanup.#actions.reverse()) await action();
    }
  }
}
