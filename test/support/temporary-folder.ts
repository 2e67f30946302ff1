import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Undoing } from "./cleanup.ts";

/** A folder that is gone when the test is over, also where something still writes in it by then. */
export function temporaryFolder(context: Undoing): string {
  const folder = mkdtempSync(join(tmpdir(), "roomful-test-"));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}
