import test, { type TestContext } from "node:test";
import { openScreen } from "../client/screen-people.ts";
import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import { connectTls } from "../support/tls-socket.ts";
import { type PersonOptions, Stage } from "./browser.ts";

/** What one does in the room that all are in. */
type Deed =
  | { readonly kind: "say" | "topic" | "leave"; readonly text: string }
  | { readonly kind: "tell"; readonly to: string; readonly text: string }
  | { readonly kind: "rename"; readonly to: string }
  | { readonly kind: "join" };

/** Somebody in the room, by whichever door. */
interface Participant {
  readonly name: string;
  do(deed: Deed): Promise<void> | void;
  /** Resolves when he is shown what somebody does. */
  isShown(by: string, deed: Deed): Promise<unknown>;
}

const room = "#garden";

/** As it is typed everywhere but in an IRC client. */
function lineOf(deed: Deed): string {
  switch (deed.kind) {
    case "say":
      return deed.text;
    case "topic":
      return `/topic ${deed.text}`;
    case "leave":
      return `/leave ${room} ${deed.text}`;
    case "tell":
      return `/pm ${deed.to} ${deed.text}`;
    case "rename":
      return `/nick ${deed.to}`;
    case "join":
      return `/join ${room}`;
  }
}

function atLine(name: string, client: LineClient): Participant {
  return {
    name,
    do: (deed) => client.send(lineOf(deed)),
    isShown: (by, deed) => client.until(sentence(by, deed)),
  };
}

/** As netcat has it. */
function sentence(by: string, deed: Deed): string {
  switch (deed.kind) {
    case "say":
      return `${by}: ${deed.text}\n`;
    case "topic":
      return `${by} set the topic: ${deed.text}\n`;
    case "leave":
      return `${by} has left ${room}: ${deed.text}\n`;
    case "tell":
      return `[PM from ${by}] ${deed.text}\n`;
    case "rename":
      return `${by} is now called ${deed.to}\n`;
    case "join":
      return `${by} has joined ${room}\n`;
  }
}

function atIrc(name: string, client: IrcClient): Participant {
  const sent = (deed: Deed, me: string): string => {
    switch (deed.kind) {
      case "say":
        return `PRIVMSG ${room} :${deed.text}`;
      case "topic":
        return `TOPIC ${room} :${deed.text}`;
      case "leave":
        return `PART ${room} :${deed.text}`;
      case "tell":
        return `PRIVMSG ${me} :${deed.text}`;
      case "rename":
        return `NICK ${deed.to}`;
      case "join":
        return `JOIN ${room}`;
    }
  };
  return {
    name,
    do: (deed) => client.send(sent(deed, deed.kind === "tell" ? deed.to : "")),
    isShown: (by, deed) =>
      client.until((line) => line.startsWith(`:${by}!`) && line.replace(/^\S+ /, "") === sent(deed, name)),
  };
}

async function atFullScreen(t: TestContext, name: string, port: number): Promise<Participant> {
  const terminal = await openScreen(t, `${name}@127.0.0.1:${port}`, { columns: 140, rows: 40 });
  return {
    name,
    do: (deed) => terminal.type(`${lineOf(deed)}\r`),
    isShown: (by, deed) =>
      terminal.until(({ rows }) => rows.some((row) => row.includes(phrase(by, deed)) && row.includes(by))),
  };
}

async function inBrowser(stage: Stage, name: string, options: PersonOptions): Promise<Participant> {
  const page = await stage.enter(name, options);
  return {
    name,
    do: (deed) => page.say(lineOf(deed)),
    isShown: async (by, deed) => {
      if (deed.kind === "tell") await page.goTo(by);
      await page.row(phrase(by, deed)).filter({ hasText: by }).waitFor();
      if (deed.kind === "tell") await page.goTo(room);
    },
  };
}

/** What stands in a row of our own screens, beside who it is from. */
function phrase(by: string, deed: Deed): string {
  switch (deed.kind) {
    case "say":
    case "tell":
      return deed.text;
    case "topic":
      return `${by} set the topic: ${deed.text}`;
    case "leave":
      return `${by} (${deed.text}) left`;
    case "rename":
      return `${by} is now called ${deed.to}`;
    case "join":
      return " joined";
  }
}

test("one room holds netcat, IRC and browsers, each in clear and by TLS, and our client, and each is shown what each does", async (t) => {
  const stage = await Stage.set(t);
  const { port } = stage;
  const participants = [
    atLine("Nina", await LineClient.enter(port, "Nina")),
    atLine("Olga", await LineClient.over(await connectTls(port)).comeIn("Olga")),
    atIrc("Ivan", await IrcClient.enter(port, "Ivan")),
    atIrc("Tess", await IrcClient.over(await connectTls(port, { ALPNProtocols: ["irc"] })).comeIn("Tess")),
    await atFullScreen(t, "Fred", port),
    await inBrowser(stage, "Alice", {}),
    await inBrowser(stage, "Berta", { isTls: true }),
  ];
  const [first, ...others] = participants;
  await first?.do({ kind: "join" });
  await first?.do({ kind: "say", text: `/set ${room} topic-locked off` });
  for (const [index, { name, do: act }] of others.entries()) {
    await act({ kind: "join" });
    for (const before of participants.slice(0, index + 1)) await before.isShown(name, { kind: "join" });
  }
  for (const [index, actor] of participants.entries()) {
    const { name } = actor;
    await t.test(`by ${name}`, async () => {
      const next = participants[(index + 1) % participants.length]!;
      const deeds: readonly Deed[] = [
        { kind: "say", text: `${name} says: здравствуйте 你好` },
        { kind: "topic", text: `what ${name} grows` },
        { kind: "leave", text: `${name} has tea` },
        { kind: "join" },
        { kind: "rename", to: `${name}2` },
      ];
      for (const deed of deeds) {
        await actor.do(deed);
        await Promise.all(participants.filter((one) => one !== actor).map((one) => one.isShown(name, deed)));
      }
      await actor.do({ kind: "rename", to: name });
      await Promise.all(
        participants
          .filter((one) => one !== actor)
          .map((one) => one.isShown(`${name}2`, { kind: "rename", to: name })),
      );
      const deed = { kind: "tell", to: next.name, text: `${name} to ${next.name}` } as const;
      await actor.do(deed);
      await next.isShown(name, deed);
      // Who wrote from a page looks at the private conversation.
      await actor.do({ kind: "join" });
    });
  }
});
