import type { Delivered, LoadResult } from "./load/results.ts";
import { cores, runProgram } from "./processes.ts";
import { progress } from "./progress.ts";
import type { Contender } from "./servers/contenders.ts";
import { type ServerOptions, startServer } from "./servers/servers.ts";

/** Nothing takes so long; a load that hangs is ended then. */
const loadSeconds = 240;

/** One run of a load against a server that was started for it. */
export async function runLoad(
  contender: Contender,
  args: readonly string[],
  options: ServerOptions,
): Promise<LoadResult> {
  const server = await startServer(contender, options);
  try {
    const target = ["--door", contender.door, "--port", String(server.port), "--pid", String(server.pid)];
    const rest = ["--folder", options.folder, "--limit", String(loadSeconds)];
    const all = [...args, ...target, ...rest];
    return (await runProgram("./load/load.ts", all, { core: cores.load })) as LoadResult;
  } finally {
    await server.stop();
  }
}

/** What each contender's runs brought. */
export type Results<T> = ReadonlyMap<Contender, readonly T[]>;

/** Measures the contenders in turn, round by round, so that a busy moment of the machine hits them all. */
export async function inTurn<T>(
  contenders: readonly Contender[],
  how: { readonly title: string; readonly repeat: number },
  measure: (contender: Contender) => Promise<T>,
): Promise<Results<T>> {
  const results = new Map<Contender, T[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= how.repeat; round += 1) {
    for (const [contender, own] of results) {
      progress(`${how.title} · ${contender.name} · ${round} of ${how.repeat}`);
      own.push(await measure(contender));
    }
  }
  return results;
}

/** What went wrong in a run, if anything did: the figures of such a run mean nothing. */
export function failureOf(result: LoadResult): string | undefined {
  if (!isDelivered(result) || (result.lost === 0 && result.disordered === 0)) return undefined;
  return `${result.lost} deliveries were lost, ${result.disordered} came twice or out of order`;
}

function isDelivered(result: LoadResult): result is Extract<LoadResult, Delivered> {
  return "lost" in result;
}
