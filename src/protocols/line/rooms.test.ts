import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { flagLetters } from "../../chat/mode.ts";
import { describeModes, flagsByWord } from "./modes.ts";
import { description, entered, invited, left, list, person } from "./rooms.ts";

const rule = "==================================================";
const at = new Date(2026, 10, 23, 14, 30, 15).getTime();
const garden = { name: "#garden", topic: undefined, modes: "nt", staff: [], people: 2 };
const online = { count: 1, names: ["Ann"] };

const news: readonly (readonly [modes: string, words: string])[] = [
  ["+o Bob", "made Bob an operator"],
  ["-o Bob", "made Bob no longer an operator"],
  ["+v Bob", "made Bob a speaker"],
  ["+b eve!*@*", "banned eve!*@*"],
  ["-b eve!*@*", "unbanned eve!*@*"],
  ["+e eve!*@*", "excepted from bans eve!*@*"],
  ["+I eve!*@*", "invites for good eve!*@*"],
  ["+k *", "set a password"],
  ["-k *", "took the password away"],
  ["+l 5", "set a limit of 5 people"],
  ["-l", "took the limit away"],
  ["+i", "closed the room to who is not invited"],
  ["-s", "showed the room"],
  ["+m-n", "made the room moderated; opened the room to words from outside"],
  ["+X", "set +X"],
  ["", "set "],
];

for (const [modes, words] of news) {
  test(`${JSON.stringify(modes)} is told as ${JSON.stringify(words)}`, () => {
    assert.equal(describeModes(modes), words);
  });
}

test("every way to run a room can be set by a word", () => {
  assert.deepEqual(new Set(flagsByWord.values()), new Set(Object.keys(flagLetters)));
});

test("who comes in is told whether it is new, what it is about, who is there and what was said", () => {
  const none = { room: garden, created: true, online, recent: [] };
  assert.equal(
    entered(none, at),
    `[14:30:15] [SYSTEM] You made #garden, and run it\n${rule}\nOnline Users (1): Ann\n${rule}\n`,
  );
  const topic = { text: "Roses", by: "Bob", at };
  const recent = [{ number: 7, at, kind: "text", from: { id: "a", name: "Ann" }, text: "hello" } as const];
  const lines = entered({ room: { ...garden, topic }, created: false, online, recent }, at).split("\n");
  assert.deepEqual(lines.slice(0, 2), [
    "[14:30:15] [SYSTEM] You are in #garden",
    "[14:30:15] [SYSTEM] It is about: Roses",
  ]);
  assert.deepEqual(lines.slice(5, 8), [
    "--- the last message ---",
    "[14:30:15] Ann: hello",
    "--- end of history, up to #7 ---",
  ]);
});

test("who is out is told how", () => {
  const how = (why: "parted" | "removed") => left({ at, room: garden, why });
  assert.equal(how("parted"), "[14:30:15] [SYSTEM] You left #garden\n");
  assert.equal(how("removed"), "[14:30:15] [SYSTEM] You are not in #garden any more\n");
});

test("a list of rooms says how many more there are", () => {
  const rooms = [
    { name: "#lobby", people: 3, topic: "" },
    { name: "#garden", people: 1, topic: "Roses" },
  ];
  assert.equal(
    list({ count: 5, rooms }),
    `${rule}\nRooms (5):\n#lobby (3)\n#garden (1): Roses\n… and 3 more\n${rule}\n`,
  );
});

test("a room is described by what there is of it", () => {
  assert.equal(description({ ...garden, modes: "" }), `${rule}\nRoom #garden (2)\nNo topic\n${rule}\n`);
  assert.equal(
    description({
      ...garden,
      topic: { text: "Roses", by: "Bob", at },
      modes: "klm",
      staff: [
        { name: "Ann", roles: 16 },
        { name: "Bob", roles: 5 },
      ],
    }),
    [
      rule,
      "Room #garden (2)",
      "Topic, by Bob: Roses",
      "Settings: with a password, with a limit, moderated",
      "Run by: Ann (owner), Bob (operator, speaker)",
      rule,
      "",
    ].join("\n"),
  );
});

test("whatever others wrote, each line of it is one line", () => {
  const hostile = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(hostile, hostile, (name, text) => {
      const room = { ...garden, name, topic: { text, by: name, at } };
      const who = { name, user: name, host: text, account: text, isBot: true };
      const somebody = {
        author: who,
        realName: text,
        away: text === "" ? undefined : text,
        since: at,
        rooms: [{ name, roles: 1 }],
      };
      const shown = [
        entered({ room, created: false, online: { count: 1, names: [name] }, recent: [] }, at),
        invited(at, name, name),
        list({ count: 1, rooms: [{ name, people: 1, topic: text }] }),
        description(room),
        person(somebody, at),
      ];
      const lines = [5, 1, 4, 5, text === "" ? 6 : 8];
      for (const [index, one] of shown.entries()) {
        assert.doesNotMatch(one.replaceAll("\n", ""), /[[\p{Cc}\u2028\u2029]--\t]/v);
        if (index < 4) assert.equal(one.split("\n").length - 1, lines[index], JSON.stringify(one));
      }
    }),
  );
});
