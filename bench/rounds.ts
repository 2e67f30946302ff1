import type { LoadResult } from "./load/results.ts";
import { cores, runProgram } from "./processes.ts";
import { progress } from "./progress.ts";
import type { Contender } from "./servers/contenders.ts";
import { type ServerOptions, startServer } from "./servers/servers.ts";

/** Nothing takes so long; a load that hangs is ended then. */
const loadSeconds = 240;

/** One run of a load against a server that was started for it. Throws where a delivery was lost, too. */
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
    const result = (await runProgram("./load/load.ts", all, { core: cores.load })) as LoadResult;
    check(result);
    return result;
  } finally {
    await server.stop();
  }
}

/** What each contender's runs brought. */
export type Results<C, T> = ReadonlyMap<C, readonly T[]>;

export interface Rounds {
  readonly title: string;
  readonly repeat: number;
  /** Called with what went wrong in a run, which is left out then. */
  readonly failed: (what: string) => void;
}

/** Measures the contenders in turn, round by round, so that a busy moment of the machine hits them all. */
export async function inTurn<C extends { readonly name: string }, T>(
  contenders: readonly C[],
  how: Rounds,
  measure: (contender: C) => Promise<T>,
): Promise<Results<C, T>> {
  const results = new Map<C, T[]>(contenders.map((contender) => [contender, []]));
  for (let round = 1; round <= how.repeat; round += 1) {
    for (const [contender, own] of results) {
      progress(`${how.title} · ${contender.name} · ${round} of ${how.repeat}`);
      try {
        own.push(await measure(contender));
      } catch (error) {
        how.failed(
          `${contender.name}, ${how.title}: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
  }
  return results;
}

/** The figures of a run in which a delivery was lost mean nothing. */
function check(result: LoadResult): void {
  if (!("lost" in result) || (result.lost === 0 && result.disordered === 0)) return;
  throw new Error(`${result.lost} deliveries were lost, ${result.disordered} came twice or out of order`);
}
