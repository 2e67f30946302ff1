import { setFlagsFromString } from "node:v8";

/**
 * Keeps the heap of a server, or of a client, near to what lives in it. By itself V8 lets the space for new objects
 * grow to tens of megabytes while thousands come in, gives none of it back, and collects the rest when it has about
 * doubled: that made three fifths of the memory of an idle connection (docs/decisions/0012).
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
  setFlagsFromString("--heap-growing-percent=40");
}
