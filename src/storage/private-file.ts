import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { syncToDisk } from "./disk-sync.ts";

/** Has a file hold this text, for its owner alone (mode 0600). A crash leaves what was there before, or all of it. */
export function writePrivately(path: string, text: string): void {
  const fresh = `${path}.new`;
  writeFileSync(fresh, text, { mode: 0o600 });
  // One that a crash has left keeps its mode when it is written anew.
  chmodSync(fresh, 0o600);
  syncToDisk(fresh);
  renameSync(fresh, path);
  syncToDisk(dirname(path));
}
