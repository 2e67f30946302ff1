import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { Connection, type ConnectionEvents } from "./connection.ts";
import { LineDialects } from "./line-dialect.ts";

test("waiting for a direct write lets everything else go on, whatever the socket thinks is written", async (t) => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const peer = connect({ port, host: "127.0.0.1" }).pause();
  const [socket] = (await once(listener, "connection")) as [Socket];
  t.after(() => {
    peer.destroy();
    socket.destroy();
    listener.close();
  });
  const count = { drained: 0, read: 0 };
  const nothing = (): void => undefined;
  const events: ConnectionEvents = {
    received: nothing,
    ended: nothing,
    closed: nothing,
    secured: nothing,
    broken: nothing,
    backlogged: nothing,
    drained: () => {
      count.drained += 1;
    },
  };
  const connection = new Connection(socket, {
    id: 1,
    address: { host: "127.0.0.1", port: 1 },
    dialect: new LineDialects({ consoleShowsPrivate: false }, () => undefined).lobby,
    events,
    backlogBytes: 65_536,
  });
  const bytes = 64 * 1024 * 1024;
  connection.write(Buffer.alloc(bytes));
  assert.equal(connection.backlog, bytes);
  // As libuv does where the system has taken all of a write that it has not told of yet.
  const write = t.mock.method(socket, "write", (_bytes: Buffer, written: () => void) => {
    process.nextTick(written);
    return true;
  });
  connection.awaitDrain();
  await turn();
  assert.equal(count.drained, 0);
  write.mock.restore();
  peer.on("data", (chunk) => {
    count.read += chunk.length;
  });
  peer.resume();
  while (count.read < bytes || count.drained === 0) await turn();
  assert.equal(connection.backlog, 0);
  assert.equal(count.drained, 1);
});
