import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { roomful } from "../support/roomful-command.ts";
import { ServerProcess } from "../support/server-process.ts";
import {
  assertShown,
  begin,
  eachSays,
  everybody,
  everybodyWasShown,
  type Life,
  many,
  manyLine,
  pagedBack,
  saidSince,
  serverArgs,
} from "./life.ts";
import { type Resident, size } from "./residents.ts";
import { messageRows } from "./screen-people.ts";

const keys = {
  escape: "\u001b",
  ctrlC: "\u0003",
  ctrlD: "\u0004",
  ctrlR: "\u0012",
  ctrlHome: "\u001b[1;5H",
  ctrlEnd: "\u001b[1;5F",
} as const;

const steps: readonly (readonly [string, (life: Life) => Promise<void>])[] = [
  ["they talk, with emoji and Arabic", talk],
  ["the server is killed and comes back", surviveKill],
  ["the laptop sleeps", surviveSleep],
  ["five hundred lines are said, and read back", readBack],
  ["a backup becomes another server", moveToBackup],
  ["they leave", leave],
];

test("two at full screens, one with --plain and one at netcat live through it all", async (t) => {
  const life = await begin(t);
  let isFine = true;
  for (const [name, step] of steps) {
    await t.test(name, { skip: isFine ? false : "the life ended before" }, async () => {
      isFine = false;
      await step(life);
      isFine = true;
    });
  }
});

async function talk(life: Life): Promise<void> {
  const { alice, bob, carl, dora } = life;
  const words: readonly (readonly [Resident, string])[] = [
    [alice, "Good morning 👨‍👩‍👧‍👦 and 👍🏽 from 🇩🇪"],
    [bob, "صباح الخير يا أليس"],
    [carl, "مرحبا Alice, two 🏴󠁧󠁢󠁥󠁮󠁧󠁿 and ثلاثة 🙏🏿"],
    [dora, "👩🏾‍🚀 🏳️‍🌈 שלום, العربية and English, 🇸🇦🇯🇵"],
    [alice, "❤️‍🔥"],
    [dora, "١٢٣ نعم"],
  ];
  for (const [index, [speaker, text]] of words.entries()) {
    if (index === 4) {
      alice.says("/pm Bob سرّ 🤫");
      await bob.sees("Alice: (to you) سرّ 🤫");
      await alice.sees("Alice: (to Bob) سرّ 🤫");
    }
    speaker.says(text);
    for (const other of everybody(life)) if (other !== speaker) await other.sees(`${speaker.name}: ${text}`);
  }
  const lines = words.map(([speaker, text]) => `${speaker.name}: ${text}`);
  assert.deepEqual(await saidSince(life), lines);
  await everybodyWasShown(life, lines);
  for (const shown of [alice.terminal.rows, bob.terminal.rows]) {
    assert.equal(shown.filter((row) => row.includes("سرّ 🤫")).length, 1);
  }
  assert.doesNotMatch(carl.terminal.raw, /سرّ/);
  assert.doesNotMatch(dora.client.received, /سرّ/);
}

async function surviveKill(life: Life): Promise<void> {
  const { alice, bob, carl, dora, dataFolder, network, server } = life;
  const atTerminals = [alice, bob, carl];
  // Bob's line is stored without his being told, so it goes out twice.
  network.loseAnswers();
  bob.says("Bob speaks as the power goes");
  await dora.sees("Bob: Bob speaks as the power goes");
  for (const resident of [alice, carl]) resident.says(`${resident.name} speaks as the power goes`);
  await server.end("SIGKILL");
  for (const { terminal } of atTerminals) await terminal.shows("Connection lost");
  for (const resident of atTerminals) {
    for (const place of ["first", "second", "third"]) resident.says(`${resident.name} waits ${place}`);
  }
  for (const { name, terminal } of [alice, bob]) {
    await terminal.shows(`⋯│ ${name} waits third`);
    await terminal.until(({ rows }) => rows.some((row) => /^ ○ .* · [34] waiting /.test(row)));
    assert.ok(messageRows(terminal).some((row) => row.endsWith("waiting to be sent")));
  }
  await carl.terminal.until(({ rows }) => rows.some((row) => /^Not connected: [34] lines wait,/.test(row)));
  await dora.client.untilEnd();
  life.server = await ServerProcess.start(life.context, {
    dataFolder,
    args: [...serverArgs, "--port", String(server.port)],
  });
  await dora.comeIn(server.port);
  dora.says("I am back");
  for (const resident of atTerminals) {
    for (const other of atTerminals)
      if (other !== resident) await resident.sees(`${other.name}: ${other.name} waits third`);
    await resident.sees("Dora: I am back");
    await resident.terminal.shows(resident === carl ? "✓ Reconnected." : "● connected");
  }
  const lines = await saidSince(life);
  for (const { name } of atTerminals) {
    const own = ["speaks as the power goes", "waits first", "waits second", "waits third"];
    assert.deepEqual(
      lines.filter((line) => line.startsWith(name)),
      own.map((text) => `${name}: ${name} ${text}`),
    );
  }
  assert.equal(lines.length, 13);
  await everybodyWasShown(life, lines);
}

async function surviveSleep(life: Life): Promise<void> {
  const { alice, bob, carl, dora, network } = life;
  network.interrupt();
  bob.says("Bob speaks into the void");
  await eachSays([alice, carl, dora], "goes on");
  await bob.terminal.shows("the server has gone silent");
  await bob.terminal.until(({ rows }) => rows.some((row) => /^ ○ .* · 1 waiting /.test(row)));
  assert.ok(!bob.shown.some((line) => line.endsWith("goes on")));
  // The server finds it out as well, and the others are told.
  await carl.terminal.shows("Bob has left the chat");
  dora.says("He sleeps");
  await carl.sees("Dora: He sleeps");
  network.restore();
  await alice.sees("Bob: Bob speaks into the void");
  await bob.terminal.shows("✓│ Bob speaks into the void");
  await carl.terminal.until(({ rows }) => {
    const comesAndGoes = rows.filter((row) => row.includes("[SYSTEM] Bob has "));
    return comesAndGoes.at(-1)?.endsWith("joined the chat") === true;
  });
  const lines = await saidSince(life);
  assert.equal(lines.length, 5);
  await everybodyWasShown(life, lines);
}

async function readBack(life: Life): Promise<void> {
  const { alice, bob, carl, dora, network } = life;
  await bob.leave(keys.ctrlC);
  const numbers = Array.from({ length: many }, (_, index) => index + 1);
  // Alice's window is dragged meanwhile.
  for (const [part, [columns, rows]] of [
    [60, 20],
    [140, 44],
    [30, 10],
    [200, 60],
    [size.columns, size.rows],
  ].entries()) {
    dora.says(...numbers.slice(part * 100, part * 100 + 50).map(manyLine));
    alice.terminal.resize(columns ?? 0, rows ?? 0);
    dora.says(...numbers.slice(part * 100 + 50, part * 100 + 100).map(manyLine));
    const last = manyLine(part * 100 + 100);
    await alice.terminal.until(() => messageRows(alice.terminal).at(-1)?.endsWith(last) === true);
  }
  const lines = numbers.map((number) => `Dora: ${manyLine(number)}`);
  assert.deepEqual(await saidSince(life), lines);
  await carl.sees(`Dora: ${manyLine(many)}`);
  assertShown(carl, lines);
  alice.terminal.type("?");
  await alice.terminal.shows("PageUp, PageDown, wheel");
  alice.terminal.type(keys.escape);
  await alice.terminal.shows(manyLine(many));
  assert.deepEqual(await pagedBack(alice.terminal), numbers);
  await bob.comeIn(network.port);
  await bob.terminal.shows("─ new ─");
  assert.deepEqual(await pagedBack(bob.terminal), numbers);
  bob.terminal.type(keys.ctrlHome);
  await bob.sees("Carl: Carl waits first");
  bob.terminal.type(keys.ctrlEnd);
  await bob.terminal.shows(manyLine(many));
  bob.terminal.type(`${keys.ctrlR}${manyLine(7)}\r`);
  await bob.terminal.until(() => messageRows(bob.terminal).some((row) => row.endsWith(`│ ${manyLine(7)}`)));
  bob.terminal.type(keys.escape);
  await bob.terminal.until(({ rows }) => !rows.some((row) => row.startsWith("Search:")));
  await findOne(life);
  bob.says("found it");
  await alice.sees("Bob: found it");
  assert.deepEqual(await saidSince(life), ["Bob: found it"]);
}

/** One of the many lines is found by its words, with what stands around it, and gone to. */
async function findOne({ alice, dora }: Life): Promise<void> {
  const query = '/search "line 7 of"';
  const around = [6, 7, 8].map((number) => `Dora: ${manyLine(number)}`);
  const { terminal } = alice;
  alice.says(query);
  await terminal.shows(`1 message for '"line 7 of"'`);
  const rows = messageRows(terminal);
  const at = rows.findIndex((row) => row.startsWith("▶ #"));
  assert.deepEqual(
    rows.slice(at + 1, at + 4).map((row) => row.trim()),
    around,
  );
  terminal.type("\r");
  await terminal.until(() => messageRows(terminal).some((row) => row.endsWith(`▶│ ${manyLine(7)}`)));
  assert.ok(messageRows(terminal).some((row) => row.endsWith(`│ ${manyLine(8)}`)));
  terminal.type(keys.escape);
  await terminal.until(({ rows: shown }) => !shown.some((row) => row.includes("▶")));
  terminal.type(keys.ctrlEnd);
  await terminal.shows(manyLine(many));
  dora.says(query);
  await dora.client.until("--- end of the search");
  const found = /--- 1 message for [^]*/.exec(dora.client.received)?.[0] ?? "";
  for (const line of around) assert.ok(found.includes(line), found);
}

async function moveToBackup(life: Life): Promise<void> {
  const { alice, bob, carl, dora, dataFolder, folder, network } = life;
  dora.says("before the backup");
  await bob.sees("Dora: before the backup");
  const file = join(folder, "room.db");
  const copying = { isOver: false };
  const backup = roomful(["backup", file, "--data", dataFolder]).finally(() => {
    copying.isOver = true;
  });
  for (let number = 1; !copying.isOver; number += 1) {
    const speaker = number % 2 === 0 ? carl : dora;
    speaker.says(`meanwhile ${number}`);
    await bob.sees(`${speaker.name}: meanwhile ${number}`);
  }
  assert.equal((await backup).code, 0);
  alice.says("after the backup");
  await bob.sees("Alice: after the backup");
  bob.says("neither will this be kept");
  for (const resident of [alice, carl, dora]) await resident.sees("Bob: neither will this be kept");

  assert.deepEqual(await life.server.end("SIGTERM"), { code: 0, signal: null });
  for (const { terminal } of [alice, bob, carl]) {
    await terminal.shows("Server is shutting down");
    await terminal.shows("Connection lost");
  }
  await alice.leave(keys.ctrlC);
  await carl.leave(keys.ctrlD);
  bob.says("said to nobody yet");
  await bob.terminal.shows("⋯│ said to nobody yet");

  const restored = join(folder, "restored");
  const { code, stderr } = await roomful(["restore", file, "--data", restored]);
  assert.equal(code, 0, stderr);
  // The certificate is not in the backup, and who comes back knows the server by it.
  for (const name of ["tls-cert.pem", "tls-key.pem"])
    copyFileSync(join(dataFolder, name), join(restored, name));
  life.server = await ServerProcess.start(life.context, { dataFolder: restored, args: serverArgs });
  const { port } = life.server;
  const { head } = life;
  life.head = await dora.comeIn(port);
  network.redirect(port);
  await alice.comeIn(port);
  await carl.comeIn(port);
  // Whatever else is said meanwhile, what was kept is said before it.
  const kept = (await dora.since(head)).slice(0, life.head - head);
  assert.equal(kept[0], "Dora: before the backup");
  assert.ok(kept.every((line, index) => index === 0 || line.endsWith(`: meanwhile ${index}`)));
  // Of the last ones, which everybody is shown, some may be of afterwards already.
  for (const resident of [alice, carl, dora]) assertShown(resident, kept.slice(-10));

  await bob.terminal.shows("The server's history is not the one you saw before.");
  await carl.sees("Bob: said to nobody yet");
  await eachSays(everybody(life), "lives here now");
  const lines = await saidSince(life);
  assert.equal(lines[0], "Bob: said to nobody yet");
  assert.equal(lines.length, 5);
  await everybodyWasShown(life, lines);
  for (const { terminal } of [alice, bob, carl]) {
    assert.ok(!terminal.rows.some((row) => /after the backup|neither will this/.test(row)));
  }
  for (const { terminal } of [alice, bob]) assert.equal((await pagedBack(terminal)).length, many);
}

async function leave({ alice, bob, carl }: Life): Promise<void> {
  await alice.leave(keys.ctrlD);
  await bob.terminal.shows("Alice left");
  await bob.leave(keys.ctrlC);
  await carl.terminal.shows("Bob has left the chat");
  await carl.leave(keys.ctrlC);
}
