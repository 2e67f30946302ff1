import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { WebSocketServer } from "ws";
import type { Socket } from "./socket.ts";
import { openWebSocket } from "./ws-socket.ts";

/** Opens a socket and records what becomes of it until it is closed. */
function watch(url: string, onFrame?: (socket: Socket, text: string) => void): Promise<string[]> {
  const log: string[] = [];
  return new Promise((resolve) => {
    const socket = openWebSocket(url, {
      opened: () => void log.push("opened"),
      alive: () => {
        if (log.at(-1) !== "alive") log.push("alive");
      },
      frame: (text) => {
        log.push(text);
        onFrame?.(socket, text);
      },
      closed: (problem) => {
        log.push(`closed: ${problem}`);
        resolve(log);
      },
    });
  });
}

test("frames, life signs and an orderly close are told", async (t) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  await once(server, "listening");
  server.on("connection", (socket) => {
    socket.send("hello");
    socket.on("message", (data: Buffer) => socket.send(`echo ${data.toString()}`));
  });
  const { port } = server.address() as AddressInfo;
  const log = await watch(`ws://127.0.0.1:${port}/`, (socket, text) => {
    if (text === "hello") socket.send("ping ✓");
    else socket.close();
  });
  assert.deepEqual(
    log.filter((entry) => entry !== "alive"),
    ["opened", "hello", "echo ping ✓", "closed: undefined"],
  );
  assert.ok(log.includes("alive"));
});

test("what stands in the way is said in words", async () => {
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const [other] = await watch(`ws://127.0.0.1:${port}/`);
  assert.equal(other, "closed: something else than Roomful answered there (HTTP 404)");
  server.close();
  await once(server, "close");
  assert.deepEqual(await watch(`ws://127.0.0.1:${port}/`), ["closed: nothing is listening there"]);
});

test("after terminate nothing is told", async (t) => {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  t.after(() => server.close());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let told = 0;
  const tell = (): void => void (told += 1);
  const socket = openWebSocket(`ws://127.0.0.1:${port}/`, {
    opened: tell,
    alive: tell,
    frame: tell,
    closed: tell,
  });
  const closed = new Promise((resolve) => server.on("connection", (peer) => peer.on("close", resolve)));
  server.on("connection", (peer) => {
    peer.send("hello");
    socket.terminate();
    told = 0;
  });
  await closed;
  assert.equal(told, 0);
});
