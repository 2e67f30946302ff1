import assert from "node:assert/strict";
import { roomful } from "./roomful-command.ts";

/** A line of an export. */
export interface Exported {
  readonly stream: string;
  readonly number: number;
  readonly text: string;
}

/** All that `roomful export` prints of a data folder. */
export async function exported(dataFolder: string): Promise<readonly Exported[]> {
  const { code, stdout } = await roomful(["export", "--private", "--data", dataFolder]);
  assert.equal(code, 0);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Exported);
}
