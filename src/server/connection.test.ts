import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import test from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { connect as connectTls } from "node:tls";
import { generate } from "selfsigned";
import { Connection, type ConnectionEvents } from "./connection.ts";
import { LineDialects } from "./line-dialect.ts";
import { TlsLayer } from "./tls/tls-layer.ts";

const nothing = (): void => undefined;

function connectionOver(socket: Socket, events: Partial<ConnectionEvents>): Connection {
  return new Connection(socket, {
    id: 1,
    address: { host: "127.0.0.1", port: 1 },
    dialect: new LineDialects({ consoleShowsPrivate: false }, () => undefined).lobby,
    events: {
      received: nothing,
      ended: nothing,
      closed: nothing,
      secured: nothing,
      broken: nothing,
      backlogged: nothing,
      drained: nothing,
      ...events,
    },
    backlogBytes: 65_536,
  });
}

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
  const connection = connectionOver(socket, {
    drained: () => {
      count.drained += 1;
    },
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

test("under TLS it is seen that the other side takes a part of one write", async (t) => {
  const { cert, private: key } = await generate([], { keyType: "ec", curve: "P-256", algorithm: "sha256" });
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  const peer = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
  const [socket] = (await once(listener, "connection")) as [Socket];
  t.after(() => {
    peer.destroy();
    socket.destroy();
    listener.close();
  });
  const secured = Promise.withResolvers<void>();
  const connection = connectionOver(socket, { secured: () => secured.resolve() });
  const tls = new TlsLayer({ chain: cert, key });
  connection.startTls(Buffer.alloc(0), (transport) => tls.over(transport));
  await Promise.all([once(peer, "secureConnect"), secured.promise]);
  peer.pause();
  connection.write(Buffer.alloc(64 * 1024 * 1024));
  const { progress, sentBytes } = connection;
  let taken = 0;
  while (connection.progress === progress) {
    taken += (peer.read() as Buffer | null)?.length ?? 0;
    await turn();
  }
  assert.ok(taken > 0);
  assert.equal(connection.sentBytes, sentBytes);
});
