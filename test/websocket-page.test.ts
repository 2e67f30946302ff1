import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import type { EventKind } from "../src/chat/event.ts";
import { closingReasons } from "../src/protocols/websocket/messages.ts";
import { LineClient } from "./support/line-client.ts";
import { runServer } from "./support/running-server.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

interface Step {
  readonly sent: boolean;
  readonly message: Record<string, unknown>;
}

const page = readFileSync(join(import.meta.dirname, "..", "docs", "websocket.md"), "utf8");

const kinds: readonly EventKind[] = [
  "text",
  "action",
  "notice",
  "announcement",
  "topic",
  "kick",
  "mode",
  "room-name",
  "removal",
  "removed",
];

/** The blocks of examples in the page, each a run of steps. */
function examples(): readonly (readonly Step[])[] {
  const blocks = [...page.matchAll(/```\n((?:[→←] .*\n)+)```/g)].map((match) => match[1] ?? "");
  return blocks.map((block) =>
    block
      .trim()
      .split("\n")
      .map((line) => ({
        sent: line.startsWith("→"),
        message: JSON.parse(line.slice(2)) as Record<string, unknown>,
      })),
  );
}

const hidden = new Set(["id", "token", "epoch", "at", "created", "createdAt", "lastUsedAt", "since", "host"]);

/** The message with everything that differs from server to server as its type: ids, times, tokens. */
function shape(value: unknown, key = ""): unknown {
  if (hidden.has(key) && typeof value !== "boolean") return typeof value;
  if (key === "stream" && typeof value === "string") return value.replace(/^room:.*/s, "room:");
  if (Array.isArray(value)) return value.map((item) => shape(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner, name)]));
}

test("the examples of docs/websocket.md are what the server does", async (t) => {
  const { port } = await runServer(t, {
    settings: { flood: { burst: 20, perSecond: 5 }, heartbeatMs: 15_000 },
  });
  const [coming, badName, sending, mismatch, told, looking, rooms, ignoring, accounts, back, leaving] =
    examples();
  const alice = await WebSocketClient.connect(port);
  let seen = 0;
  const play = async (client: WebSocketClient, steps: readonly Step[] | undefined): Promise<void> => {
    assert.ok(steps);
    for (const step of steps) {
      if (step.sent) {
        client.socket.send(JSON.stringify(step.message));
        continue;
      }
      const message = await client.next(step.message["type"] as "event");
      assert.deepEqual(shape(message), shape(step.message));
      seen += 1;
    }
  };
  const other = await WebSocketClient.connect(port);
  await play(other, badName);
  other.socket.close();
  await play(alice, coming);
  await play(alice, sending);
  await play(alice, mismatch);
  const bob = await LineClient.enter(port, "Bob");
  await alice.next("joined");
  bob.send("Hi Alice!");
  const event = await alice.next("event");
  assert.deepEqual(shape({ ...event }), shape(told?.[0]?.message));
  const carl = await LineClient.enter(port, "Carl");
  await alice.next("joined").then((joined) => assert.deepEqual(shape(joined), shape(told?.[1]?.message)));
  carl.send("/quit");
  await alice.next("left").then((left) => assert.deepEqual(shape(left), shape(told?.[2]?.message)));
  await play(alice, looking);
  await play(alice, rooms);
  await play(alice, ignoring);

  const welcome = alice.received.find((message) => message.type === "welcome");
  assert.ok(welcome?.type === "welcome");
  alice.socket.terminate();
  await bob.until("Alice has left");
  const again = await WebSocketClient.connect(port);
  const [hello, ...answers] = back ?? [];
  assert.ok(hello);
  const real = { token: welcome.token, position: { epoch: welcome.epoch, heads: { "#lobby": 1 } } };
  await play(again, [{ sent: true, message: { ...hello.message, ...real } }, ...answers]);
  await play(again, accounts);
  await play(again, leaving);
  assert.equal(await again.closed(), 1000);
  assert.equal(seen, 25);
});

test("a heartbeat comes by itself, with the heads of streams as the page shows it", async (t) => {
  const { port } = await runServer(t, { settings: { heartbeatMs: 100 } });
  const { client } = await WebSocketClient.enter(port, { name: "Alice" });
  client.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "one" });
  await client.next("ack");
  client.send({ type: "send", counter: 2, to: "#lobby", kind: "text", text: "two" });
  await client.next("ack");
  assert.deepEqual(shape(await client.next("heartbeat")), shape(examples()[4]?.[3]?.message));
});

test("each message, kind, reason to close and role of the protocol is in the page", () => {
  const source = readFileSync(
    join(import.meta.dirname, "..", "src", "protocols", "websocket", "messages.ts"),
    "utf8",
  );
  const types = Array.from(
    source.matchAll(/readonly type: ("[a-z-]+"(?: \| "[a-z-]+")*)/g),
    ([, each = ""]) => each.split(" | ").map((type) => type.slice(1, -1)),
  ).flat();
  assert.ok(types.length > 45, String(types.length));
  for (const word of [...types, ...Object.keys(closingReasons), ...kinds, "parted", "removed"]) {
    assert.ok(page.includes(`"${word}"`) || page.includes(`\`${word}\``), word);
  }
});
