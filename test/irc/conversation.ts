import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Settings } from "../../src/server/settings.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

export interface Scene {
  readonly port: number;
  /** Who made `#a`. */
  readonly ann: IrcClient;
  /** In `#a` as well. */
  readonly bob: IrcClient;
  /** In no channel. */
  readonly eve: IrcClient;
}

/** Three people of whom two are in a channel. */
export async function inChannel(context: TestContext, ...capabilities: readonly string[]): Promise<Scene> {
  return inChannelOf(context, {}, ...capabilities);
}

/** As `inChannel`, on a server with these settings. */
export async function inChannelOf(
  context: TestContext,
  settings: Partial<Settings>,
  ...capabilities: readonly string[]
): Promise<Scene> {
  const { port } = await runServer(context, { settings });
  const ann = await IrcClient.enter(port, "ann", ...capabilities);
  await ann.ask("JOIN #a");
  const bob = await IrcClient.enter(port, "bob", ...capabilities);
  await bob.ask("JOIN #a");
  const eve = await IrcClient.enter(port, "eve", ...capabilities);
  await ann.ask();
  await bob.ask();
  return { port, ann, bob, eve };
}

/** Who sends what, and what he is answered. */
type Step = readonly [who: "ann" | "bob" | "eve", line: string, ...answers: readonly string[]];

/** By what they show: steps, one after the other. */
export type Conversations = Readonly<Record<string, readonly Step[]>>;

/** A test for each conversation, on a server of its own. */
export function playEach(conversations: Conversations, settings: Partial<Settings> = {}): void {
  for (const [name, steps] of Object.entries(conversations)) {
    test(name, async (context) => {
      const people = await inChannelOf(context, settings);
      for (const [who, line, ...answers] of steps) {
        const got = plain(await people[who].ask(line)).map(withoutHosts);
        const heard = got.filter((text) => answers.includes(text) || !isNews(text, who));
        assert.deepEqual(heard, answers, `${who}: ${line}`);
      }
    });
  }
}

/** From the server without its name, and with the hosts of people as `host`. */
function withoutHosts(text: string): string {
  return text.replace(/^:roomful\.local /, "").replaceAll(/@[0-9a-f]{12}\.hidden/g, "@host");
}

/** What others did meanwhile. */
function isNews(text: string, who: string): boolean {
  return (
    /^:\S+ (JOIN|PART|MODE|TOPIC|KICK|PRIVMSG|INVITE|NICK|QUIT) /.test(text) && !text.startsWith(`:${who} `)
  );
}
