import type { ReadStream, WriteStream } from "node:tty";
import type { TlsMeans } from "../secure-socket.ts";
import type { Colours } from "../sgr.ts";
import type { Memory } from "./remembered.ts";
import type { ScreenSettings } from "./settings.ts";

export interface ScreenClientOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly host: string;
  readonly port: number;
  /** `undefined`: asked for. */
  readonly name: string | undefined;
  /** What this device is called among those on which somebody is signed in. */
  readonly device: string;
  readonly tls: TlsMeans;
  readonly settings: ScreenSettings;
  readonly colours: Colours;
  /** When it aborts, the client leaves at once. */
  readonly signal: AbortSignal;
  /** What is known of an earlier visit under a name. */
  readonly recall: (name: string) => Memory | undefined;
  /** Called with what to keep for the next visit: with each welcome, and at the end. */
  readonly remember: (name: string, memory: Memory) => void;
  /** Stops the process, and goes on when it is continued: `away` before, `back` after. */
  readonly suspend: (terminal: { away(): void; back(): void }) => () => void;
  /** Told how to put the terminal back, for when nothing else is done any more. */
  readonly onRestore: (restore: () => void) => void;
}
