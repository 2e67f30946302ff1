import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import type { Socket } from "node:net";
import { join } from "node:path";
import test from "node:test";
import { lobby } from "../../src/chat/event.ts";
import type { ServerMessage } from "../../src/protocols/websocket/messages.ts";
import { LineClient } from "../support/line-client.ts";
import { type Exit, ServerProcess } from "../support/server-process.ts";
import { readStored } from "../support/stored.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { WebSocketClient } from "../support/websocket-client.ts";

const orderly: Exit = { code: 0, signal: null };
const talkers = 20;
/** So many sends of each are under way at any time: the server is never out of work. */
const sendsAhead = 16;
const acksBeforeTheEnd = 2000;

test("a server that is told to end under load says so to everybody, and everything acknowledged is stored", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder, args: ["--drain-timeout", "100"] });
  const lines = await Promise.all(
    Array.from({ length: 10 }, (_, index) => LineClient.enter(server.port, `line${index}`)),
  );
  const programs = await Promise.all(
    Array.from({ length: talkers }, (_, index) =>
      WebSocketClient.enter(server.port, { name: `program${index}` }),
    ),
  );
  const acknowledged = new Map<string, number>();
  for (const [index, { client }] of programs.entries()) {
    const textOf = (counter: number): string => `message ${counter} of program${index}`;
    const say = (counter: number): void => {
      client.send({ type: "send", counter, to: lobby, kind: "text", text: textOf(counter) });
    };
    client.socket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString()) as ServerMessage;
      if (message.type !== "ack") return;
      acknowledged.set(textOf(message.counter), message.number);
      say(message.counter + sendsAhead);
      if (acknowledged.size !== acksBeforeTheEnd) return;
      for (const { socket } of lines.slice(0, 2)) flood(socket);
      // Ctrl-C reaches both npm and the server, and npm passes its own on: two signals, less than a second apart.
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.kill(server.pid, signal);
    });
    for (let counter = 1; counter <= sendsAhead; counter += 1) say(counter);
  }
  assert.deepEqual(await server.exited, orderly);
  for (const line of lines) {
    assert.match(await line.untilEnd(), /\[SYSTEM\] Server is shutting down\n$/);
  }
  for (const { client } of programs) {
    const last = client.received.at(-1);
    assert.ok(
      last?.type === "closing" && last.reason === "shutdown" && last.text === "Server is shutting down",
    );
    assert.equal(await client.closed(), 1001);
  }
  const stored = readStored(dataFolder).get(lobby) ?? [];
  const ofPrograms = stored.filter(({ from }) => from.name.startsWith("program"));
  const numbers = new Map<string, number>(ofPrograms.map(({ text, number }) => [text, number]));
  assert.equal(numbers.size, ofPrograms.length, "nothing is stored twice");
  assert.ok(acknowledged.size >= acksBeforeTheEnd);
  for (const [text, number] of acknowledged) assert.equal(numbers.get(text), number, text);
});

test("npm start ends orderly however it is told to, and leaves port and folder free", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const start = (port: number): Promise<ServerProcess> =>
    ServerProcess.start(t, {
      dataFolder,
      command: ["npm", "start", "--", "--port", String(port), "--data", dataFolder, "--host", "127.0.0.1"],
      detached: true,
    });
  // npm itself is told, and hands it on.
  const first = await start(0);
  const { port } = first;
  assert.deepEqual(await endWithWitness(first, () => process.kill(first.pid, "SIGTERM")), orderly);
  // What npm started is told.
  const second = await start(port);
  assert.equal(second.port, port);
  const [child = 0] = childrenOf(second.pid);
  assert.deepEqual(await endWithWitness(second, () => process.kill(child, "SIGTERM")), orderly);
  // Ctrl-C at a terminal: everybody in the process group is told.
  const third = await start(port);
  assert.deepEqual(await endWithWitness(third, () => process.kill(-third.pid, "SIGINT")), orderly);
  const fourth = await start(port);
  assert.deepEqual(await endWithWitness(fourth, () => process.kill(-fourth.pid, "SIGTERM")), orderly);
});

test("a server whose console nobody reads ends all the same", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder });
  server.child.stdout?.pause();
  const ann = await LineClient.enter(server.port, "Ann");
  // More than a pipe holds, and what Node reads ahead of it.
  for (let round = 0; round < 20; round += 1) ann.send(...Array.from({ length: 20 }, () => "x".repeat(2000)));
  await ann.settled();
  const ended = new Promise<Exit>((resolve) => {
    server.child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  server.child.kill("SIGTERM");
  assert.match(await ann.untilEnd(), /\[SYSTEM\] Server is shutting down\n$/);
  assert.deepEqual(await ended, orderly);
});

test("a second server on the port or the data folder is refused with a sentence that names the option", async (t) => {
  const folder = temporaryFolder(t);
  const dataFolder = join(folder, "data");
  const server = await ServerProcess.start(t, { dataFolder });
  const samePort = await ServerProcess.fail(t, {
    dataFolder: join(folder, "other"),
    args: ["--port", String(server.port)],
  });
  assert.equal(samePort.code, 1);
  assert.match(
    samePort.errors,
    /^roomful: Cannot listen on --port: \d+ is in use by another program[^\n]*\n$/,
  );
  const sameFolder = await ServerProcess.fail(t, { dataFolder });
  assert.equal(sameFolder.code, 1);
  assert.equal(
    sameFolder.errors,
    `roomful: Cannot use --data: ${JSON.stringify(dataFolder)} is in use by another server\n`,
  );
  // The first one goes on, and a killed one leaves its folder free.
  const ann = await LineClient.enter(server.port, "Ann");
  ann.close();
  await server.end("SIGKILL");
  const next = await ServerProcess.start(t, { dataFolder, args: ["--port", String(server.port)] });
  assert.deepEqual(await next.end("SIGTERM"), orderly);
  assert.match(next.console, /\n\[INFO\] Shutting down\n$/);
});

/** Writes on and on, without ever waiting for an answer or hearing a good-bye. */
function flood(socket: Socket): void {
  const timer = setInterval(() => socket.write("nobody waits for this\n".repeat(100)), 1);
  socket.on("close", () => clearInterval(timer));
}

/** Ends a server while somebody is there, who is to be told. */
async function endWithWitness(server: ServerProcess, end: () => void): Promise<Exit> {
  const witness = await LineClient.enter(server.port, "Witness");
  end();
  assert.match(await witness.untilEnd(), /\[SYSTEM\] Server is shutting down\n$/);
  return server.exited;
}

function childrenOf(pid: number): readonly number[] {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return stdout.trim().split(/\s+/).map(Number);
}
