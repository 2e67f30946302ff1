import assert from "node:assert/strict";
import test from "node:test";
import { LineClient, timeless } from "../support/line-client.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

const rule = "=".repeat(50);

test("User Management: a name in use is refused by every door and in any case, and nobody hears of it", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const again = await LineClient.connect(port);
  again.send("ANN");
  await again.until(/\[ERROR\] Username 'ANN' is already in use[^]*Enter your username: $/);
  const program = await WebSocketClient.connect(port);
  program.send({ type: "hello", version: 1, name: "ann" });
  assert.equal((await program.next("refused")).reason, "name-in-use");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  const third = await LineClient.connect(port);
  third.send("cArl");
  await third.until("[ERROR] Username 'cArl' is already in use");
  await ann.until("Carl has joined");
  assert.equal(
    timeless(await ann.settled()).split("Online Users (1): Ann\n")[1],
    `${rule}\nT [SYSTEM] Carl has joined the chat\n`,
  );
  assert.ok(!carl.received.some(({ type }) => type === "joined"));
});

test("User Management: the others are told who comes and goes, and /list follows", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const listed = async (): Promise<string | undefined> => {
    ann.clear();
    ann.send("/list");
    const received = await ann.until(/={50}\nOnline Users [^\n]*\n={50}\n/);
    return received.split("\n")[1];
  };
  assert.equal(await listed(), "Online Users (1): Ann");
  const bob = await LineClient.enter(port, "Bob");
  await ann.until("[SYSTEM] Bob has joined the chat");
  assert.equal(await listed(), "Online Users (2): Ann, Bob");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  await ann.until("[SYSTEM] Carl has joined the chat");
  assert.equal(await listed(), "Online Users (3): Ann, Bob, Carl");
  bob.send("/quit");
  await ann.until("[SYSTEM] Bob has left the chat");
  assert.equal(await listed(), "Online Users (2): Ann, Carl");
  await LineClient.enter(port, "bob");
  await ann.until("[SYSTEM] bob has joined the chat");
  assert.equal(await listed(), "Online Users (3): Ann, Carl, bob");
  carl.socket.close();
  await ann.until("[SYSTEM] Carl has left the chat");
  assert.equal(await listed(), "Online Users (2): Ann, bob");
});
