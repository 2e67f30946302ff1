import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { LineClient, timeless } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";

/** The lines of the transcript in the page: what is typed begins with `> `. */
function transcript(): readonly string[] {
  const page = readFileSync(join(import.meta.dirname, "..", "docs", "using.md"), "utf8");
  const block = /```\n(> [^]*?\n)```/.exec(page)?.[1];
  assert.ok(block !== undefined, "docs/using.md has no transcript");
  return block.trimEnd().split("\n");
}

/** What the others have to do for Ann to be shown this line; nothing, where it answers her or greets her. */
async function bringAbout(line: string, others: Others): Promise<void> {
  const [, newcomer] = /\[SYSTEM\] (\S+) has joined the chat$/.exec(line) ?? [];
  if (newcomer !== undefined) await others.enter(newcomer);
  const [, teller, secret] = /^\[[\d:]+\] \[PM from (\S+)\] (.*)$/.exec(line) ?? [];
  if (teller !== undefined) others.of(teller).send(`/pm Ann ${secret}`);
  const [, speaker, words] = /^\[[\d:]+\] (\w+): (.*)$/.exec(line) ?? [];
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

test("the transcript of docs/using.md is what somebody at netcat is shown", async (t) => {
  const { port } = await runServer(t, { settings: { flood: { burst: 20, perSecond: 5 } } });
  const lines = transcript();
  const others = new Others(port);
  await others.enter("Bob");
  const said = lines.indexOf("--- the last message ---") + 1;
  await bringAbout(lines[said] ?? "", others);
  await others.of("Bob").settled();

  const ann = await LineClient.connect(port);
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
  assert.equal(timeless(await ann.untilEnd()), timeless(`${shown.join("\n")}\n`));
});
