import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import test from "node:test";
import { parseAddresses } from "../src/server/address-list.ts";
import { databaseName } from "../src/storage/data-folder.ts";
import { LineClient } from "./support/line-client.ts";
import { get, type Measured, measure, measureUntil } from "./support/metrics.ts";
import { RawClient } from "./support/raw-client.ts";
import { runServer } from "./support/running-server.ts";
import { ServerProcess } from "./support/server-process.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { testedWorkers } from "./support/tested-workers.ts";
import { WebSocketClient } from "./support/websocket-client.ts";

/** Holds the lock on a database, as another program would. */
function lock(dataFolder: string): () => void {
  const database = new DatabaseSync(join(dataFolder, databaseName));
  database.exec("BEGIN IMMEDIATE");
  return () => {
    database.exec("ROLLBACK");
    database.close();
  };
}

/** The lines that say something else than 0, of metrics that begin so. */
function counted({ values }: Measured, prefix: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...values].filter(([name, value]) => name.startsWith(prefix) && value !== 0));
}

test("messages, refusals and connections are counted by door, kind and reason, over all threads", async (t) => {
  const { port } = await runServer(t);
  // The system shares connections out, so with several threads many of them reach more than one.
  const people = await Promise.all(
    Array.from({ length: 12 }, (_, index) => LineClient.enter(port, `Person${index}`)),
  );
  const { client: bob } = await WebSocketClient.enter(port, { name: "Bob" });
  const [ann] = people;
  assert.ok(ann);
  ann.send("one", "/me counts", "/pm Bob secret", "/pm Nobody secret");
  await ann.until("User 'Nobody' is not online");
  bob.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "two" });
  await bob.next("ack");
  bob.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "two" });
  await bob.next("ack");
  for (const person of people) await person.until("Bob: two");
  people.pop()?.close();
  const measured = await measureUntil(
    port,
    (values) =>
      values.get('roomful_connections{door="line"}') === 11 &&
      values.get('roomful_readers{state="live"}') === 12 &&
      values.get("roomful_people_online") === 12,
  );
  assert.deepEqual(counted(measured, "roomful_messages_total"), {
    'roomful_messages_total{door="line",kind="text"}': 1,
    'roomful_messages_total{door="line",kind="action"}': 1,
    'roomful_messages_total{door="line",kind="private"}': 1,
    'roomful_messages_total{door="websocket",kind="text"}': 1,
  });
  assert.deepEqual(counted(measured, "roomful_refusals_total"), {
    'roomful_refusals_total{reason="not-online"}': 1,
  });
  const connections = counted(measured, "roomful_connections{");
  assert.equal(connections['roomful_connections{door="websocket"}'], 1);
  assert.ok((connections['roomful_connections{door="http"}'] ?? 0) >= 1);
  const { values } = measured;
  assert.equal(values.get("roomful_delivery_latency_seconds_count"), 4);
  // Each of the three messages to the room went to everybody who was there but its sender.
  assert.equal(values.get("roomful_deliveries_total"), 3 * 12);
  const commits = values.get('roomful_commits_total{result="stored"}') ?? 0;
  assert.ok(commits >= 2 && commits <= 4, String(commits));
  assert.equal(values.get("roomful_commit_duration_seconds_count"), commits);
  assert.equal(values.get("roomful_commit_messages_sum"), 4);
  const opened = values.get("roomful_connections_opened_total") ?? 0;
  const open = Object.values(connections).reduce((sum, count) => sum + count, 0);
  const closed = Object.values(counted(measured, "roomful_connections_closed_total"));
  assert.ok(closed.length > 0);
  assert.equal(
    opened,
    closed.reduce((sum, count) => sum + count, open),
  );
  for (const gauge of ["roomful_database_bytes", "process_resident_memory_bytes"]) {
    assert.ok((values.get(gauge) ?? 0) > 1000, gauge);
  }
});

test("bytes in and out add up, over connections that are open and that are closed", async (t) => {
  const { port } = await runServer(t);
  const before = await measure(port);
  const received = (measured: Measured): number => measured.values.get("roomful_received_bytes_total") ?? 0;
  const sent = (measured: Measured): number => measured.values.get("roomful_sent_bytes_total") ?? 0;
  const ann = await LineClient.enter(port, "Ann");
  const text = "x".repeat(1000);
  ann.send(text, text);
  await ann.settled();
  const during = await measure(port);
  assert.ok(received(during) - received(before) >= 2000);
  ann.send("/quit");
  await ann.untilEnd();
  ann.close();
  const after = await measureUntil(port, (values) => values.get('roomful_connections{door="line"}') === 0);
  assert.ok(received(after) - received(during) >= 6);
  assert.ok(sent(after) - sent(before) >= Buffer.byteLength(ann.received));
  assert.equal(after.values.get('roomful_connections_closed_total{reason="quit"}'), 1);
});

test("why connections were ended is counted", async (t) => {
  const { port } = await runServer(t, { settings: { addressLimit: 2 } });
  await RawClient.exchange(port, "NICK ann\r\nQUIT\r\n");
  await RawClient.exchange(port, Buffer.from("16030100050100000100", "hex"));
  const [one, two] = [await LineClient.enter(port, "Ann"), await LineClient.enter(port, "Bob")];
  await RawClient.exchange(port, "");
  for (const person of [one, two]) {
    person.send("/quit");
    await person.untilEnd();
    person.close();
  }
  const measured = await measureUntil(port, (values) => values.get('roomful_connections{door="line"}') === 0);
  const { 'roomful_connections_closed_total{reason="left"}': _left, ...closed } = counted(
    measured,
    "roomful_connections_closed_total",
  );
  assert.deepEqual(closed, {
    'roomful_connections_closed_total{reason="tls"}': 1,
    'roomful_connections_closed_total{reason="too-many-connections"}': 1,
    'roomful_connections_closed_total{reason="quit"}': 3,
  });
});

test("each thread tells how late it comes to its work", async (t) => {
  const { port } = await runServer(t);
  const counts = (values: ReadonlyMap<string, number>): readonly [string, number][] =>
    [...values].filter(([name]) => name.startsWith("roomful_event_loop_delay_seconds_count"));
  const { values } = await measureUntil(port, (now) => counts(now).every(([, count]) => count > 2));
  const fronts = testedWorkers === 1 ? [] : Array.from({ length: testedWorkers }, (_, i) => `front ${i}`);
  assert.deepEqual(
    counts(values).map(([name]) => name),
    [...fronts, "hub"].map((thread) => `roomful_event_loop_delay_seconds_count{thread="${thread}"}`),
  );
  const buckets = [...values].filter(([name]) =>
    name.startsWith('roomful_event_loop_delay_seconds_bucket{thread="hub"'),
  );
  const upTo = buckets.map(([, count]) => count);
  assert.deepEqual(
    upTo,
    upTo.toSorted((a, b) => a - b),
  );
  assert.equal(upTo.at(-1), values.get('roomful_event_loop_delay_seconds_count{thread="hub"}'));
});

const longText = "x".repeat(16_000);

/** Says long texts until the metrics are as expected, which they have to be before half a gigabyte. */
async function sayUntil(
  speaker: LineClient,
  port: number,
  expected: (values: ReadonlyMap<string, number>) => boolean,
): Promise<Measured> {
  for (let round = 0; round < 1000; round += 1) {
    speaker.send(...Array.from({ length: 32 }, () => longText));
    await speaker.settled();
    speaker.clear();
    const measured = await measure(port);
    if (expected(measured.values)) return measured;
  }
  throw new Error("Said in vain");
}

test("a reader that takes nothing is slow, with what waits for it, and live again when it has taken it", async (t) => {
  const { port } = await runServer(t, { settings: { maxLineBytes: 16_384, maxBacklogBytes: 65_536 } });
  const speaker = await LineClient.enter(port, "Speaker");
  const sleeper = await LineClient.enter(port, "Sleeper");
  sleeper.socket.pause();
  const measured = await sayUntil(
    speaker,
    port,
    (values) => values.get('roomful_readers{state="slow"}') === 1,
  );
  assert.equal(measured.values.get('roomful_readers{state="live"}'), 1);
  assert.ok((measured.values.get("roomful_readers_fell_behind_total") ?? 0) >= 1);
  assert.ok((measured.values.get("roomful_backlog_bytes") ?? 0) > 65_536);
  sleeper.socket.resume();
  const after = await measureUntil(port, (values) => values.get('roomful_readers{state="live"}') === 2);
  assert.equal(after.values.get('roomful_readers{state="slow"}'), 0);
  assert.ok((after.values.get("roomful_sent_bytes_total") ?? 0) > 65_536);
});

test("a reader that is closed because it takes nothing counts as too slow", async (t) => {
  const { port } = await runServer(t, {
    settings: { maxLineBytes: 16_384, maxBacklogBytes: 65_536, stallMs: 200 },
  });
  const speaker = await LineClient.enter(port, "Speaker");
  const sleeper = await LineClient.enter(port, "Sleeper");
  sleeper.socket.pause();
  // He may fall behind more than once: the system takes some more at a time.
  await sayUntil(speaker, port, (values) => (values.get("roomful_readers_fell_behind_total") ?? 0) >= 1);
  const { values } = await measureUntil(port, (now) => now.get('roomful_connections{door="line"}') === 1);
  assert.equal(values.get('roomful_connections_closed_total{reason="too-slow"}'), 1);
});

test("lines that the console does not take are counted", async (t) => {
  const dataFolder = join(temporaryFolder(t), "data");
  const server = await ServerProcess.start(t, { dataFolder, args: ["--max-line", "16384"] });
  server.child.stdout?.pause();
  const speaker = await LineClient.enter(server.port, "Speaker");
  await sayUntil(
    speaker,
    server.port,
    (values) => (values.get("roomful_console_dropped_lines_total") ?? 0) > 0,
  );
  speaker.close();
  server.child.stdout?.resume();
  await server.until(/\d+ console lines were dropped/);
});

test("health is well while messages can be stored, says why where they cannot, and finds out itself that it is over", async (t) => {
  const { port, dataFolder } = await runServer(t, { settings: { storeBusyMs: 50 } });
  const well = await get(port, "/health");
  assert.equal(well.status, 200);
  assert.equal(well.headers.get("content-type"), "application/json");
  assert.deepEqual(await well.json(), { status: "ok" });
  const ann = await LineClient.enter(port, "Ann");
  const unlock = lock(dataFolder);
  ann.send("locked");
  await ann.until("Nothing was stored");
  const ill = await get(port, "/health");
  assert.equal(ill.status, 503);
  assert.deepEqual(await ill.json(), {
    status: "unavailable",
    reason: "Messages cannot be stored: another program holds the database",
  });
  const measured = await measure(port);
  assert.equal(measured.values.get('roomful_refusals_total{reason="storage-busy"}'), 1);
  assert.equal(measured.values.get('roomful_commits_total{result="busy"}'), 1);
  unlock();
  const again = await get(port, "/health");
  assert.equal(again.status, 200);
  ann.send("free");
  await ann.settled();
  assert.equal((await measure(port)).values.get('roomful_commits_total{result="stored"}'), 1);
});

test("a monitor is answered while the journal is behind, and who comes meanwhile is let in when it is not", async (t) => {
  const { port, dataFolder } = await runServer(t, { settings: { storeBusyMs: 30_000, pauseAbove: 1 } });
  const ann = await LineClient.enter(port, "Ann");
  const unlock = lock(dataFolder);
  ann.send("one", "two", "three", "four");
  const measured = await measureUntil(port, (values) => values.get("roomful_reading_paused") === 1);
  assert.ok((measured.values.get("roomful_pending_messages") ?? 0) > 1);
  assert.equal((await get(port, "/")).status, 200);
  const late = await LineClient.connect(port);
  late.send("Late", "hello");
  const early = await RawClient.connect(port);
  early.socket.end("Early\nand gone\n");
  const asked = WebSocketClient.enter(port, { name: "Program" });
  await measureUntil(port, (values) => (values.get('roomful_connections{door="unknown"}') ?? 0) >= 2);
  assert.equal(late.received, "");
  unlock();
  await ann.until("Late: hello");
  await ann.until("Early: and gone");
  await early.untilEnd();
  (await asked).client.send({ type: "send", counter: 1, to: "#lobby", kind: "text", text: "in" });
  await late.until("Program: in");
  await measureUntil(port, (values) => values.get("roomful_reading_paused") === 0);
});

test("while the server shuts down its health says so", async (t) => {
  const { port, dataFolder, stop } = await runServer(t, { settings: { storeBusyMs: 30_000 } });
  const ann = await LineClient.enter(port, "Ann");
  const monitor = await RawClient.connect(port);
  const request = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
  monitor.socket.write(request);
  await monitor.until('{"status":"ok"}');
  const unlock = lock(dataFolder);
  ann.send("the last one");
  await measureUntil(port, (values) => values.get("roomful_pending_messages") === 1);
  // It cannot end before this message is stored.
  const stopped = stop();
  monitor.socket.write(request);
  await monitor.until(/HTTP\/1\.1 503 [^]*\{"status":"unavailable","reason":"The server is shutting down"\}/);
  unlock();
  await stopped;
});

const others = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ family, internal }) => family === "IPv4" && !internal)
  .map(({ address }) => address);

test("other machines may not ask, unless the operator says so", {
  skip: others.length === 0 && "this machine has no other address than the loopback's",
}, async (t) => {
  const [own = ""] = others;
  const status = async (monitorFrom: string, path: string): Promise<number> => {
    const { port } = await runServer(t, {
      settings: { host: "0.0.0.0", monitorFrom: parseAddresses(monitorFrom) ?? [] },
    });
    const response = await fetch(`http://${own}:${port}${path}`, { headers: { Connection: "close" } });
    if (response.status === 403) assert.match(await response.text(), /--monitor-from ADDRESSES\n$/);
    return response.status;
  };
  for (const path of ["/health", "/metrics"]) {
    assert.equal(await status("", path), 403);
    assert.equal(await status("240.0.0.0/4,::1", path), 403);
    assert.equal(await status(`240.0.0.0/4,${own}/16`, path), 200);
    assert.equal(await status("all", path), 200);
  }
  assert.equal(await status("", "/"), 200);
});

test("what a proxy on this machine hands on is not this machine's own", async (t) => {
  const { port } = await runServer(t);
  for (const header of ["X-Forwarded-For", "Forwarded"]) {
    assert.equal((await get(port, "/metrics", { [header]: "192.0.2.1" })).status, 403);
  }
  const { port: open } = await runServer(t, { settings: { monitorFrom: parseAddresses("127.0.0.1") ?? [] } });
  assert.equal((await get(open, "/metrics", { "X-Forwarded-For": "192.0.2.1" })).status, 200);
});
