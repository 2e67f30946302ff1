import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** How far the room's history was read. */
interface Seen {
  readonly epoch: string;
  readonly number: number;
}

/** What is kept of a visit. */
export interface Memory {
  readonly seen: Seen | undefined;
  /** Whoever has it is the same person again. */
  readonly token: string | undefined;
  /** Whether it is that of an account, which one signed in to here. */
  readonly isAccount?: boolean;
}

/** A server that was visited under a name. */
export interface Visited extends Memory {
  /** `NAME@HOST:PORT`, the port always there. */
  readonly address: string;
}

const maxVisited = 20;

/** The servers that were visited, the last one first; none where the file is missing or damaged. */
export function readVisited(path: string): readonly Visited[] {
  try {
    const list: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(list) ? list.flatMap(visitedOf) : [];
  } catch {
    return [];
  }
}

/** Puts a visit before the others. Only this user can read the file: a token is as good as a password. */
export function writeVisited(path: string, visited: Visited): void {
  const others = readVisited(path).filter(({ address }) => address !== visited.address);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const text = JSON.stringify([visited, ...others].slice(0, maxVisited), undefined, 2);
  // Whoever reads it meanwhile sees the old or the new one.
  writeFileSync(`${path}.new`, `${text}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function visitedOf(entry: unknown): readonly Visited[] {
  if (!isTable(entry) || typeof entry["address"] !== "string") return [];
  const { address, seen, token, isAccount } = entry;
  const isSeen = isTable(seen) && typeof seen["epoch"] === "string" && typeof seen["number"] === "number";
  return [
    {
      address,
      seen: isSeen ? { epoch: String(seen["epoch"]), number: Number(seen["number"]) } : undefined,
      token: typeof token === "string" ? token : undefined,
      ...(isAccount === true ? { isAccount } : {}),
    },
  ];
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
