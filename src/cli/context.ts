/** What a command may use of the process. Only `src/cli.ts` makes one from the real thing. */
export interface CommandContext {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly homeFolder: string;
  readonly platform: NodeJS.Platform;
  /** Calls `action` whenever the process is asked to end: with SIGHUP where its terminal is gone, or no `onReload` takes it. */
  onSignal(action: (signal: "SIGINT" | "SIGTERM" | "SIGHUP") => void): void;
  /** Calls `action` whenever the process is asked to read its configuration again (SIGHUP). */
  onReload(action: () => void): void;
  /**
   * Puts the terminal away before the process is stopped, as by SIGTSTP, and calls `back` when it goes on. Returns
   * what stops it, with all that was started together with it, as Ctrl-Z does.
   */
  suspendable(terminal: { away(): void; back(): void }): () => void;
  /** Calls `action` for what nobody caught. */
  onFault(action: (error: unknown) => void): void;
  /** Ends the process now. */
  exit(code: number): never;
}
