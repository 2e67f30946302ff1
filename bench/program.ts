import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { endAll } from "./processes.ts";

/** The command line asks for what cannot be. */
class UsageError extends Error {}

export function wholeNumber(
  option: string,
  text: string,
  range: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= range.min && value <= range.max) return value;
  throw new UsageError(
    `Cannot read ${option}: "${text}" is not a whole number (${range.min} to ${range.max})`,
  );
}

/** The names of `known` that the list `text` holds, in the order of `known`. */
export function chosen<Name extends string>(
  option: string,
  text: string,
  known: readonly Name[],
): readonly Name[] {
  const names = text.split(",");
  const unknown = names.find((name) => !known.some((other) => other === name));
  if (unknown === undefined) return known.filter((name) => names.includes(name));
  throw new UsageError(`Cannot read ${option}: "${unknown}" is none of ${known.join(", ")}`);
}

/** A new folder below `below`. At the end of this process all that it started is ended and the folder removed. */
export function workFolder(below: string): string {
  const folder = mkdtempSync(join(below, "roomful-bench-"));
  process.on("exit", () => {
    endAll();
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Runs a program of this folder; says what is wrong with its command line, and ends cleanly on a signal. */
export async function runMain(main: () => Promise<void>): Promise<void> {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(130));
  try {
    await main();
  } catch (error) {
    const isUsage =
      error instanceof UsageError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
    process.stderr.write(
      isUsage ? `${(error as Error).message}. --help lists the options\n` : `${(error as Error).stack}\n`,
    );
    process.exit(isUsage ? 2 : 1);
  }
}
