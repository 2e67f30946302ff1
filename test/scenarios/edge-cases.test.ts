import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import test from "node:test";
import { runPlainClient } from "../../src/client/plain.ts";
import { systemClock } from "../../src/server/clock.ts";
import { LineClient, timeless } from "../support/line-client.ts";
import { Relay } from "../support/relay.ts";
import { runServer } from "../support/running-server.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

test("Edge Cases: a connection that is reset, whenever, is a leaving to the others and harms nobody", async (t) => {
  const { port, console } = await runServer(t);
  const bob = await LineClient.enter(port, "Bob");
  for (const begun of ["", "An", "no spaces\nAnn"]) {
    const stranger = await LineClient.connect(port);
    if (begun !== "") stranger.socket.write(begun);
    if (begun.includes("\n")) await stranger.until("Enter your username: ");
    stranger.socket.resetAndDestroy();
  }
  const ann = await LineClient.enter(port, "Ann");
  ann.send("said before");
  await bob.until("Ann: said before");
  ann.socket.write("half a li");
  ann.socket.resetAndDestroy();
  await bob.until("Ann has left the chat");
  await LineClient.enter(port, "Ann");
  assert.equal(
    timeless(await bob.settled()).split("Online Users (1): Bob\n")[1],
    [
      "=".repeat(50),
      "T [SYSTEM] Ann has joined the chat",
      "T Ann: said before",
      "T [SYSTEM] Ann has left the chat",
      "T [SYSTEM] Ann has joined the chat",
      "",
    ].join("\n"),
  );
  assert.match(timeless(console()), /T \[LEAVE\] Ann left the chat\n\[INFO\] Active clients: 1\n/);
});

test("Edge Cases: a network that is interrupted is noticed on both sides, and nothing is lost or doubled", async (t) => {
  const { port } = await runServer(t, { settings: { heartbeatMs: 200, drainMs: 500 } });
  const relay = await Relay.start(t, port);
  const bob = await LineClient.enter(port, "Bob");
  const [input, output] = [new PassThrough(), new PassThrough({ encoding: "utf8" })];
  const shown = watch(output);
  const leaving = new AbortController();
  t.after(() => leaving.abort());
  const options = { host: "127.0.0.1", port: relay.port, name: "Ann", input, output };
  const exit = runPlainClient({ ...options, signal: leaving.signal });
  input.write("one\n");
  await bob.until("Ann: one\n");
  relay.interrupt();
  await bob.until("Ann has left the chat");
  await shown.until("Connection lost");
  bob.send("two");
  input.write("three\n");
  relay.restore();
  await shown.until("✓ Reconnected.");
  await shown.until("Bob: two\n");
  await bob.until("Ann: three\n");
  assert.equal(shown.text.split("Bob: two\n").length, 2);
  assert.deepEqual(bob.received.match(/Ann: .*/g), ["Ann: one", "Ann: three"]);
  leaving.abort();
  assert.equal(await exit, 0);
});

test("Edge Cases: who is silent at netcat stays for ever, where a program that answers no ping does not", async (t) => {
  const day = 24 * 60 * 60_000;
  let later = 0;
  const clock = {
    ...systemClock,
    now: () => systemClock.now() + later,
    monotonic: () => systemClock.monotonic() + later,
  };
  const { port } = await runServer(t, { clock, settings: { heartbeatMs: 100, drainMs: 500 } });
  const ann = await LineClient.enter(port, "Ann");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  await ann.until("Carl has joined the chat");
  carl.socket.pause();
  later = day;
  await ann.until("Carl has left the chat");
  const bob = await LineClient.enter(port, "Bob");
  ann.send("still here");
  await bob.until("Ann: still here");
});

test("Edge Cases: an empty message is none, by either door", async (t) => {
  const { port, console } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  await ann.until("Carl has joined the chat");
  ann.clear();
  ann.send("", " ", "\t", "\u3000", "\r", "something");
  const event = await carl.next("event");
  assert.deepEqual([event.event.number, event.event.text], [1, "something"]);
  for (const [index, text] of ["", " \t "].entries()) {
    carl.send({ type: "send", counter: index + 1, to: "#lobby", kind: "text", text });
    assert.equal((await carl.next("refused")).reason, "text-empty");
  }
  assert.equal(await ann.settled(), "");
  assert.equal(
    timeless(console())
      .match(/\[BROADCAST\].*/g)
      ?.join(),
    "[BROADCAST] Ann: something",
  );
});

test("Edge Cases: a message over the limit, in bytes, is refused whole by either door, be it a megabyte", async (t) => {
  const { port } = await runServer(t);
  const ann = await LineClient.enter(port, "Ann");
  const { client: carl } = await WebSocketClient.enter(port, { name: "Carl" });
  const sentence = "That message is too long: at most 2048 bytes. Nothing of it was delivered";
  const longest = "é".repeat(1024);
  await ann.until("Carl has joined the chat");
  ann.clear();
  ann.send(`${longest}.`, "x".repeat(1_000_000), longest);
  assert.equal((await carl.next("event")).event.text, longest);
  assert.equal(timeless(await ann.settled()), `T [ERROR] ${sentence}\n`.repeat(2));
  carl.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: `${longest}.` });
  const refused = await carl.next("refused");
  assert.deepEqual([refused.reason, refused.text], ["text-too-long", sentence]);
  carl.send({ type: "send", counter: 2, to: "#lobby", kind: "text", text: longest });
  await ann.until(`Carl: ${longest}\n`);
  assert.equal(timeless(await ann.settled()).split("\n").length, 4);
});

/** What a stream brings, as text, and waiting for a part of it. */
function watch(stream: PassThrough): { readonly text: string; until(part: string): Promise<void> } {
  const watched = {
    text: "",
    async until(part: string): Promise<void> {
      while (!watched.text.includes(part)) await new Promise((resolve) => stream.once("data", resolve));
    },
  };
  stream.on("data", (chunk: string) => (watched.text += chunk));
  return watched;
}
