import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { versions } from "node:process";
import type { Settings } from "../server/settings.ts";
import { type Finding, ok, warning } from "./finding.ts";

/** The database, its log, the console and Node's own. */
const ownFiles = 64;
/** Fewer connections than this are soon too few, since a program may hold many. */
const fewConnections = 2000;

/** What this machine gives a server. */
export function checkMachine(settings: Settings): readonly Finding[] {
  const files = openFileLimit();
  return [
    // An older one does not get as far as here: bin/roomful.js refuses it.
    ok(`Node ${versions.node}`),
    checkThreads(settings.workers),
    ...(files === undefined ? [] : [checkFiles(files, settings.addressLimit)]),
  ];
}

function checkThreads(workers: number): Finding {
  const cores = availableParallelism();
  const text = `threads of connections: ${workers}, on ${cores} ${cores === 1 ? "core" : "cores"}`;
  return workers > cores ? warning(text, "set --workers to no more than the cores") : ok(text);
}

function checkFiles(files: number, addressLimit: number): Finding {
  const connections = Math.max(0, files - ownFiles);
  if (files === Number.POSITIVE_INFINITY) return ok("open files: as many as the system has");
  const text = `open files: ${files}, which is enough for about ${connections} connections`;
  const more = "raise it: ulimit -n 65536, or LimitNOFILE=65536 in the systemd unit";
  if (connections < fewConnections) return warning(text, more);
  if (addressLimit !== Number.POSITIVE_INFINITY && addressLimit > connections) {
    return warning(
      `${text}; one address alone may hold ${addressLimit}`,
      `${more}; or lower --address-limit`,
    );
  }
  return ok(text);
}

/** Of this process, as a server that is started here would have it; `undefined` where the system does not say. */
function openFileLimit(): number | undefined {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const [, soft] = /^Max open files\s+(\d+|unlimited)/m.exec(limits) ?? [];
    if (soft === undefined) return undefined;
    return soft === "unlimited" ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return undefined;
  }
}
