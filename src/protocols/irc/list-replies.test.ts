import assert from "node:assert/strict";
import { test } from "node:test";
import { listReplies } from "./list-replies.ts";
import { formatMessage } from "./message.ts";
import { numeric } from "./numerics.ts";

const server = "irc.example.com";

test("a list that fits is one message, and an empty one is none", () => {
  const make = (piece: string) => numeric("RPL_MONLIST", "dan", [], piece);
  const lines = listReplies(["a", "b"], { separator: ",", server }, make).map(formatMessage);
  assert.deepEqual(lines, [":irc.example.com 732 dan :a,b\r\n"]);
  assert.deepEqual(listReplies([], { separator: ",", server }, make), []);
});

test("messages are filled, and none is longer than 512 bytes", () => {
  const nicks = Array.from({ length: 500 }, (_, index) => `@nick-${index}ä`);
  const make = (piece: string) => numeric("RPL_NAMREPLY", "dan", ["=", "#ärger"], piece);
  const lines = listReplies(nicks, { separator: " ", server }, make).map(formatMessage);
  const start = `:${server} 353 dan = #ärger :`;
  assert.deepEqual(
    lines.flatMap((line) => line.slice(start.length, -2).split(" ")),
    nicks,
  );
  for (const line of lines) assert.ok(Buffer.byteLength(line) <= 512);
  for (const line of lines.slice(0, -1)) assert.ok(Buffer.byteLength(line) > 512 - 12);
});
