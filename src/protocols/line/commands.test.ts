import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ModeChange } from "../../chat/mode.ts";
import {
  commandTable,
  findCommand,
  holdsPassword,
  type LineCommand,
  parseLine,
  type RoomDeed,
} from "./commands.ts";

const inRoom = (room: string | undefined, deed: RoomDeed): LineCommand => ({ kind: "in-room", room, deed });
const modes = (change: ModeChange): LineCommand => inRoom(undefined, { kind: "modes", changes: [change] });
const usage = (command: string): LineCommand => ({ kind: "usage", command }) as LineCommand;

const lines: readonly (readonly [string, LineCommand])[] = [
  ["", { kind: "nothing" }],
  [" \t\u3000", { kind: "nothing" }],
  ["Hello Bob!", { kind: "say", text: "Hello Bob!" }],
  ["  two  spaces  ", { kind: "say", text: "  two  spaces  " }],
  [" /help", { kind: "say", text: " /help" }],
  ["//usr/bin", { kind: "say", text: "/usr/bin" }],
  ["//", { kind: "say", text: "/" }],
  ["///", { kind: "say", text: "//" }],
  ["/me waves", { kind: "action", text: "waves" }],
  ["/me", usage("me")],
  ["/me  ", usage("me")],
  ["/pm Bob hi there", { kind: "tell", to: "Bob", text: "hi there" }],
  ["/PM   Bob   hi  there ", { kind: "tell", to: "Bob", text: "hi  there " }],
  ["/pm\tBob\thi", { kind: "tell", to: "Bob", text: "hi" }],
  ["/Tell Bob /quit", { kind: "tell", to: "Bob", text: "/quit" }],
  ["/pm", usage("pm")],
  ["/pm Bob", usage("pm")],
  ["/pm Bob  ", usage("pm")],
  ["/whisper Bob", usage("pm")],
  ["/list", { kind: "list", beginning: "" }],
  ["/list  ", { kind: "list", beginning: "" }],
  ["/who Al", { kind: "list", beginning: "Al" }],
  ["/list Al Bo", usage("list")],
  ["/help", { kind: "help", topic: undefined }],
  ["/?", { kind: "help", topic: undefined }],
  ["/HELP Pm", { kind: "help", topic: "pm" }],
  ["/h /whisper", { kind: "help", topic: "pm" }],
  ["/help foo", { kind: "unknown", command: "foo" }],
  ["/help pm me", usage("help")],
  ["/history", { kind: "history", count: undefined }],
  ["/history 20", { kind: "history", count: 20 }],
  ["/history 0", usage("history")],
  ["/history -1", usage("history")],
  ["/history 1e3", usage("history")],
  ["/history 9007199254740992", usage("history")],
  ["/history 1 2", usage("history")],
  ["/since 0", { kind: "since", number: 0 }],
  ["/since 123 ", { kind: "since", number: 123 }],
  ["/since #123", { kind: "since", number: 123 }],
  ["/since", usage("since")],
  ["/since ##1", usage("since")],
  ["/since now", usage("since")],
  ["/search lunch", { kind: "search", text: "lunch" }],
  ['/find "at one" from:Bob', { kind: "search", text: '"at one" from:Bob' }],
  ["/search", usage("search")],
  ["/search  ", usage("search")],
  ["/quit", { kind: "quit" }],
  ["/Quit  ", { kind: "quit" }],
  ["/bye", { kind: "quit" }],
  ["/quit now", usage("quit")],
  [
    "#garden hello  there",
    { kind: "say-in", room: "#garden", text: "hello  there", line: "#garden hello  there" },
  ],
  ["#garden", { kind: "say", text: "#garden" }],
  ["#garden  ", { kind: "say", text: "#garden  " }],
  ["/join #garden", { kind: "join", room: "#garden", key: undefined }],
  ["/J garden sesame ", { kind: "join", room: "garden", key: "sesame" }],
  ["/leave", inRoom(undefined, { kind: "part", text: "" })],
  ["/part #garden", inRoom("#garden", { kind: "part", text: "" })],
  ["/leave #garden See you", inRoom("#garden", { kind: "part", text: "See you" })],
  ["/leave See you", inRoom(undefined, { kind: "part", text: "See you" })],
  ["/room", { kind: "room", room: undefined }],
  ["/room garden", { kind: "look-at", room: "garden" }],
  ["/rooms", { kind: "rooms" }],
  ["/topic", { kind: "room", room: undefined }],
  ["/topic #garden", { kind: "room", room: "#garden" }],
  ["/topic #garden About  roses", inRoom("#garden", { kind: "topic", text: "About  roses" })],
  ["/topic -", inRoom(undefined, { kind: "topic", text: "" })],
  ["/invite Bob", inRoom(undefined, { kind: "invite", name: "Bob" })],
  ["/invite #garden Bob", inRoom("#garden", { kind: "invite", name: "Bob" })],
  ["/kick Bob", inRoom(undefined, { kind: "kick", name: "Bob", text: "" })],
  ["/kick #garden Bob Too loud", inRoom("#garden", { kind: "kick", name: "Bob", text: "Too loud" })],
  ["/ban eve*", modes({ kind: "mask", list: "bans", mask: "eve*", on: true })],
  ["/unban eve*", modes({ kind: "mask", list: "bans", mask: "eve*", on: false })],
  ["/op Bob", modes({ kind: "role", role: "operator", name: "Bob", on: true })],
  ["/deop Bob", modes({ kind: "role", role: "operator", name: "Bob", on: false })],
  ["/voice Bob", modes({ kind: "role", role: "voice", name: "Bob", on: true })],
  ["/devoice Bob", modes({ kind: "role", role: "voice", name: "Bob", on: false })],
  ["/set moderated on", modes({ kind: "flag", flag: "moderated", on: true })],
  ["/set Hidden OFF", modes({ kind: "flag", flag: "hidden", on: false })],
  ["/set password sesame", modes({ kind: "key", key: "sesame" })],
  ["/set password off", modes({ kind: "key", key: undefined })],
  ["/set limit 5", modes({ kind: "limit", limit: 5 })],
  ["/set limit off", modes({ kind: "limit", limit: undefined })],
  ["/set limit 0", usage("set")],
  ["/set limit 1.5", usage("set")],
  ["/set moderated", usage("set")],
  ["/set nonsense on", usage("set")],
  ["/set __proto__ on", usage("set")],
  ["/rename #shed", inRoom(undefined, { kind: "rename-room", name: "#shed" })],
  ["/rename #garden #shed", inRoom("#garden", { kind: "rename-room", name: "#shed" })],
  ["/nick Anna", { kind: "rename", name: "Anna" }],
  ["/away", { kind: "away", text: undefined }],
  ["/away At lunch", { kind: "away", text: "At lunch" }],
  ["/whois Bob", { kind: "whois", name: "Bob" }],
  ["/register secret", { kind: "register", password: "secret", email: undefined }],
  ["/register secret a@b", { kind: "register", password: "secret", email: "a@b" }],
  ["/register three whole words", usage("register")],
  ["/login Ann secret", { kind: "login", name: "Ann", password: "secret" }],
  ["/ignore", { kind: "ignored" }],
  ["/ignore Bob", { kind: "ignore", name: "Bob" }],
  ["/BLOCK Bob", { kind: "ignore", name: "Bob" }],
  ["/ignore Bob Carl", usage("ignore")],
  ["/unignore Bob", { kind: "unignore", name: "Bob" }],
  ["/unignore", usage("unignore")],
  ["/password old new", { kind: "password", before: "old", after: "new" }],
  ["/passwd old new", { kind: "password", before: "old", after: "new" }],
  ["/password new", usage("password")],
  ["/password old new new", usage("password")],
  ["/devices", { kind: "devices" }],
  ["/devices all", usage("devices")],
  ["/forget 5f3a9c1e", { kind: "forget", device: "5f3a9c1e" }],
  ["/forget", usage("forget")],
  ["/identify Ann secret", { kind: "login", name: "Ann", password: "secret" }],
  ["/foo", { kind: "unknown", command: "foo" }],
  ["/foo bar", { kind: "unknown", command: "foo" }],
  ["/", { kind: "unknown", command: "" }],
  ["/ help", { kind: "unknown", command: "" }],
  ["/__proto__", { kind: "unknown", command: "__proto__" }],
  ["/constructor", { kind: "unknown", command: "constructor" }],
];

for (const [line, expected] of lines) {
  test(`${JSON.stringify(line)} asks for ${JSON.stringify(expected)}`, () => {
    assert.deepEqual(parseLine(line), expected);
  });
}

test("every word of the table leads to its own command, in any case", () => {
  const words = commandTable.flatMap((entry) => [entry.name, ...entry.aliases]);
  assert.equal(new Set(words).size, words.length, "a word stands for two commands");
  for (const entry of commandTable) {
    for (const word of [entry.name, ...entry.aliases]) {
      assert.equal(findCommand(word), entry);
      assert.equal(findCommand(word.toUpperCase()), entry);
      assert.deepEqual(parseLine(`/help ${word}`), { kind: "help", topic: entry.name });
    }
  }
});

test("the usage of every command is a form that it takes, and with more words it is none", () => {
  const examples = new Map([
    ["<number>", "5"],
    ["[count]", "5"],
    ["[command]", "quit"],
    ["#room", "#tea"],
    ["[#room]", "#tea"],
    ["<#new-name>", "#cake"],
    ["<setting>", "moderated"],
    ["<value>", "on"],
  ]);
  for (const entry of commandTable) {
    const [word, ...parts] = entry.usage.split(" ");
    assert.equal(word, `/${entry.name}`);
    const form = [word, ...parts.map((part) => examples.get(part) ?? "word")].join(" ");
    const taken = parseLine(form);
    assert.ok(taken.kind !== "usage" && taken.kind !== "unknown", form);
    const required = parts.filter((part) => !part.startsWith("["));
    const without = parseLine(word);
    assert.equal(without.kind === "usage", required.length > 0, `${word} alone`);
    const texts = ["<message>", "<action>", "<words>", "[words]", "[text]", "[reason]"];
    const takesText = texts.includes(parts.at(-1) ?? "");
    assert.equal(parseLine(`${form} more`).kind === "usage", !takesText, `${form} more`);
  }
});

test("any line without a slash is said as it is, and a slash more says the rest", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      if (/\S/.test(text) && !/^[/#]/.test(text)) assert.deepEqual(parseLine(text), { kind: "say", text });
      assert.deepEqual(parseLine(`//${text}`), { kind: "say", text: `/${text}` });
    }),
  );
});

test("lines that hold a password are known by their commands", () => {
  for (const line of ["/register x", "/PASSWD a b", "/login Ann x", "/identify Ann", "/password a"]) {
    assert.ok(holdsPassword(line), line);
  }
  for (const line of [
    "/register",
    "/password ",
    "//password x",
    "password x",
    "/pass x",
    "/me /password x",
  ]) {
    assert.ok(!holdsPassword(line), line);
  }
});
