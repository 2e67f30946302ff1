/** What the person at the client does. */
export interface TypedLines {
  /** A line without its end. No further line comes before the promise is kept. */
  line(text: string): Promise<void>;
  /** A line of more than `maxBytes` came; nothing of it is kept. */
  tooLong(maxBytes: number): void;
  /** Ctrl-C. */
  interrupt(): void;
  /** The input is at its end. */
  end(): void;
  /** The output takes nothing any more. */
  lost(): void;
}

/** Where a line-by-line client reads and writes. */
export interface LineScreen {
  /** Shows complete lines, each with its LF. */
  print(lines: string): void;
  /** Asks for a line, in words that have to be seen. What is secret is not shown, as far as that can be had. */
  question(text: string, how?: { readonly isSecret: boolean }): void;
  /** What stands before the line that is being typed where lines are edited; empty: nothing. */
  prompt(text: string): void;
  /** Stops reading and leaves the terminal as it was. What is printed after it still appears. */
  close(): void;
}
