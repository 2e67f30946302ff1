import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";

/** The lines of the transcripts in the page: what is typed begins with `> `. */
function transcripts(): readonly (readonly string[])[] {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "using.md"), "utf8");
  const blocks = Array.from(page.matchAll(/```\n(> [^]*?\n)```/g), ([, block = ""]) => block);
  return blocks.map((block) => block.trimEnd().split("\n"));
}

/** What the others have to do for Ann to be shown this line; nothing, where it answers her or greets her. */
async function bringAbout(line: string, others: Others): Promise<void> {
  const [, newcomer] = /\[SYSTEM\] (\S+) has joined the chat$/.exec(line) ?? [];
  if (newcomer !== undefined) await others.enter(newcomer);
  const [, joiner, room] = /\[SYSTEM\] (\S+) has joined (#\S+)$/.exec(line) ?? [];
  if (joiner !== undefined) others.of(joiner).send(`/join ${room}`);
  const [, teller, secret] = /^\[[\d:]+\] \[PM from (\S+)\] (.*)$/.exec(line) ?? [];
  if (teller !== undefined) others.of(teller).send(`/pm Ann ${secret}`);
  const [, speaker, words] = /^(?:#\S+ )?\[[\d:]+\] (\w+): (.*)$/.exec(line) ?? [];
  if (speaker !== undefined) others.of(speaker).send(words ?? "");
}

/** Those whom Ann meets. */
class Others {
  readonly #port: number;
  readonly #people = new Map<string, LineClient>();

  constructor(port: number) {
    this.#port = port;
  }

  async enter(name: string): Promise<void> {
    this.#people.set(name, await LineClient.enter(this.#port, name));
  }

  of(name: string): LineClient {
    const person = this.#people.get(name);
    assert.ok(person, `${name} is not there`);
    return person;
  }
}

/** Has Ann type what she types, and the others do what she is shown; all that she is shown must be in the page. */
async function replay(
  lines: readonly string[],
  people: { readonly ann: LineClient; readonly others: Others; readonly said?: number },
): Promise<string> {
  const { ann, others, said } = people;
  const shown: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.startsWith("> ")) {
      ann.send(line.slice(2));
      continue;
    }
    if (index !== said) await bringAbout(line, others);
    shown.push(line);
    await ann.until(new RegExp(`^(?:[^\n]*\n){${shown.length}}`));
  }
  return timeless(`${shown.join("\n")}\n`);
}

const settings = { flood: { burst: 20, perSecond: 5 } };

test("the transcript of docs/using.md is what somebody at netcat is shown", async (t) => {
  const { port } = await runServer(t, { settings });
  const [lines = []] = transcripts();
  const others = new Others(port);
  await others.enter("Bob");
  const said = lines.indexOf("--- the last message ---") + 1;
  await bringAbout(lines[said] ?? "", others);
  await others.of("Bob").settled();
  const ann = await LineClient.connect(port);
  const shown = await replay(lines, { ann, others, said });
  assert.equal(timeless(await ann.untilEnd()), shown);
});

test("the transcript of rooms in docs/using.md is what somebody at netcat is shown", async (t) => {
  const { port } = await runServer(t, { settings });
  const [, lines, ...more] = transcripts();
  assert.ok(lines !== undefined && more.length === 0);
  const others = new Others(port);
  for (const name of ["Bob", "Carl"]) await others.enter(name);
  const ann = await LineClient.enter(port, "Ann");
  t.after(() => ann.close());
  await ann.settled();
  ann.clear();
  const shown = await replay(lines, { ann, others });
  assert.equal(timeless(await ann.settled()), shown);
});
