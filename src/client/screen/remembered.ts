import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Trust } from "../trust.ts";

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

/** `HOST:PORT`. */
interface TrustedServer {
  readonly server: string;
  readonly trust: Trust;
}

const maxVisited = 20;
/** Who is forgotten is trusted anew at first sight. */
const maxTrusted = 1000;

/** The servers that were visited, the last one first; none where the file is missing or damaged. */
export function readVisited(path: string): readonly Visited[] {
  return entriesOf(path).flatMap(visitedOf);
}

function entriesOf(path: string): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** Puts a visit before the others. Only this user can read the file: a token is as good as a password. */
export function writeVisited(path: string, visited: Visited): void {
  const others = readVisited(path).filter(({ address }) => address !== visited.address);
  write(path, { visits: [visited, ...others], servers: readTrusted(path) });
}

/** What is remembered of the TLS of servers (`HOST:PORT`), the last one seen first. */
export function readTrusted(path: string): readonly TrustedServer[] {
  return entriesOf(path).flatMap(trustedOf);
}

/** Takes the place of what was remembered of that server. */
export function writeTrusted(path: string, trusted: TrustedServer): void {
  const others = readTrusted(path).filter(({ server }) => server !== trusted.server);
  write(path, { visits: readVisited(path), servers: [trusted, ...others] });
}

function write(
  path: string,
  all: { readonly visits: readonly Visited[]; readonly servers: readonly TrustedServer[] },
): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const servers = all.servers.slice(0, maxTrusted).map(({ server, trust }) => {
    return { server, certificate: trust.kind === "vouched" ? trust.kind : trust.fingerprint };
  });
  const text = JSON.stringify([...all.visits.slice(0, maxVisited), ...servers], undefined, 2);
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

function trustedOf(entry: unknown): readonly TrustedServer[] {
  if (!isTable(entry) || typeof entry["server"] !== "string") return [];
  const { server, certificate } = entry;
  if (certificate === "vouched") return [{ server, trust: { kind: "vouched" } }];
  if (typeof certificate !== "string" || !/^([\dA-F]{2}:){31}[\dA-F]{2}$/.test(certificate)) return [];
  return [{ server, trust: { kind: "pinned", fingerprint: certificate } }];
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
