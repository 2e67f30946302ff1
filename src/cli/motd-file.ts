import { readFileSync, statSync } from "node:fs";

/** More is no greeting. */
const maxMotdBytes = 65_536;

/** The lines of a text file; `undefined` where it cannot be read or is too long. */
export function readMotd(path: string): readonly string[] | undefined {
  try {
    if (statSync(path).size > maxMotdBytes) return undefined;
    const text = readFileSync(path, "utf8").replaceAll("\0", "\uFFFD");
    return text.replace(/(\r\n|\r|\n)$/, "").split(/\r\n|\r|\n/);
  } catch {
    return undefined;
  }
}
