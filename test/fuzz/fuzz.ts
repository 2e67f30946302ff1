import { parseArgs } from "node:util";
import { Cleanup, type Undoing } from "../support/cleanup.ts";
import { Arena, type Outcome, tryInputs } from "./arena.ts";
import { type DoorName, doors } from "./doors.ts";
import { describeInput, type Input } from "./input.ts";
import { Random } from "./random.ts";
import { shrink } from "./shrink.ts";

const batchInputs = 240;
const progressMs = 1000;
const shrinking = { maxTries: 40, maxMs: 60_000 } as const;
/** A door that takes longer than this is given up; a run of 100,000 inputs takes a few minutes. */
const maxSeconds = 1200;

export interface FuzzOptions {
  readonly door: DoorName;
  /** How many from each seed. */
  readonly inputs: number;
  readonly seeds: readonly number[];
  /** Called every second, and while a failure is made smaller. */
  readonly progress?: (line: string) => void;
}

export interface FuzzReport extends Outcome {
  readonly door: DoorName;
  readonly inputs: number;
  readonly seconds: number;
}

/** Something was wrong; the message holds the seed and the fewest inputs that are known to show it. */
export class FuzzFailure extends Error {}

/**
 * Sends so many inputs to one door of a server, and judges everything that the server lets anybody see of them.
 * The same seed makes the same inputs. Throws a `FuzzFailure`.
 */
export async function fuzz(undoing: Undoing, options: FuzzOptions): Promise<FuzzReport> {
  const { door, inputs } = options;
  const arena = await Arena.open(undoing, doors[door]);
  const start = performance.now();
  const seconds = (): number => Math.round((performance.now() - start) / 100) / 10;
  const wanted = inputs * options.seeds.length;
  let sent = 0;
  let told = start;
  for (const { seed, batch } of batchesOf(options)) {
    await arena.take(batch);
    sent += batch.length;
    if (sent === wanted && arena.trouble === undefined) break;
    if (arena.trouble !== undefined) {
      await arena.abandon();
      throw await failure(undoing, { ...options, seed, batch, sent, wrong: arena.trouble });
    }
    if (seconds() > maxSeconds) throw new FuzzFailure(`${sent} inputs took more than ${maxSeconds} s`);
    if (performance.now() - told < progressMs) continue;
    told = performance.now();
    const mebibytes = Math.round(arena.measure() / 1024 / 1024);
    const figures = `${seconds()} s, ${arena.connections} connections, ${mebibytes} MiB`;
    options.progress?.(`${door}: ${sent} of ${wanted} inputs, ${figures}`);
  }
  const took = seconds();
  const outcome = await arena.end();
  if (arena.trouble !== undefined) {
    throw new FuzzFailure(`--door ${door} --seed ${options.seeds.join(", ")}, at the end: ${arena.trouble}`);
  }
  return { door, inputs: sent, seconds: took, ...outcome };
}

function* batchesOf({
  door,
  inputs,
  seeds,
}: FuzzOptions): Generator<{ readonly seed: number; readonly batch: readonly Input[] }> {
  for (const seed of seeds) {
    const random = new Random(seed);
    for (let made = 0; made < inputs; made += batchInputs) {
      const length = Math.min(batchInputs, inputs - made);
      yield { seed, batch: Array.from({ length }, () => doors[door].input(random)) };
    }
  }
}

/** Looks for the fewest of the last inputs that show it on a server of their own. */
async function failure(
  undoing: Undoing,
  found: FuzzOptions & {
    readonly seed: number;
    readonly batch: readonly Input[];
    readonly sent: number;
    readonly wrong: string;
  },
): Promise<FuzzFailure> {
  const { batch, door, seed, sent } = found;
  let { wrong } = found;
  found.progress?.(`${door}: ${wrong}`);
  const fewest = await shrink(batch, {
    ...shrinking,
    fails: async (part) => {
      const again = await tryInputs(undoing, doors[door], part);
      wrong = again ?? wrong;
      found.progress?.(
        `${door}: ${part.length} of the last inputs ${again === undefined ? "do no harm" : "suffice"}`,
      );
      return again !== undefined;
    },
  });
  const lines = fewest.map((input) => `  ${describeInput(input)}`);
  return new FuzzFailure(
    [`--door ${door} --seed ${seed}, within ${sent} inputs: ${wrong}`, "The inputs:", ...lines].join("\n"),
  );
}

function isDoor(name: string): name is DoorName {
  return Object.hasOwn(doors, name);
}

/** A whole number from 1 up. */
function readCount(option: string, text: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new Error(`Cannot read --${option}: "${text}" is not a whole number from 1 up`);
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      door: { type: "string", multiple: true, default: Object.keys(doors) },
      inputs: { type: "string", default: "100000" },
      seed: { type: "string", default: String(Math.floor(Math.random() * 0x1_0000_0000)) },
    },
  });
  const inputs = readCount("inputs", values.inputs);
  const seed = readCount("seed", values.seed);
  process.stdout.write(`--seed ${seed}\n`);
  for (const door of values.door) {
    if (!isDoor(door))
      throw new Error(`Cannot read --door: "${door}" is none of ${Object.keys(doors).join(", ")}`);
    try {
      const progress = (line: string): boolean => process.stderr.write(`${line}\n`);
      const report = await Cleanup.around((cleanup) =>
        fuzz(cleanup, { door, inputs, seeds: [seed], progress }),
      );
      process.stdout.write(`${JSON.stringify({ seed, ...report }, undefined, 2)}\n`);
    } catch (error) {
      if (!(error instanceof FuzzFailure)) throw error;
      process.stdout.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  }
}
