import assert from "node:assert/strict";
import { test } from "node:test";
import { welcome } from "../../test/client/bench.ts";
import { PlainRooms } from "./plain-rooms.ts";

function inTwo(): PlainRooms {
  const rooms = new PlainRooms();
  rooms.begin(welcome());
  rooms.entered({ stream: "room:d", name: "#dev" }, "dev");
  return rooms;
}

test("the room that one came into is looked at, and lines from others have their names in front", () => {
  const rooms = inTwo();
  assert.equal(rooms.target, "room:d");
  assert.deepEqual(
    [rooms.before("room:d"), rooms.before("#lobby"), rooms.before("dm:a:b")],
    ["", "#lobby ", ""],
  );
  rooms.entered({ stream: "room:t", name: "#tea" }, undefined);
  assert.equal(rooms.target, "room:d", "another device of one's own went there");
  rooms.renamed("room:t", "#coffee");
  assert.deepEqual([rooms.before("room:t"), rooms.find("Coffee")], ["#coffee ", "room:t"]);
});

test("what is written while one waits to be let in or out is for where one will be", () => {
  const rooms = inTwo();
  rooms.joining("tea");
  assert.equal(rooms.target, "#tea");
  rooms.leaving("#tea");
  assert.equal(rooms.target, "#lobby");
  rooms.entered({ stream: "room:t", name: "#Tea" }, "tea");
  assert.equal(rooms.target, "#lobby");
  rooms.left("room:t");
  assert.equal(rooms.target, "#lobby");
});

test("a room that lets nobody in leaves one where one was", () => {
  const rooms = inTwo();
  rooms.joining("#tea");
  rooms.joining("#milk");
  rooms.refused("join", "#tea");
  assert.equal(rooms.target, "#milk");
  rooms.refused("join", "#milk");
  assert.equal(rooms.target, "room:d");
});

test("out of a room one looks at the lobby, or else at any other, or at none", () => {
  const rooms = inTwo();
  rooms.left("#lobby");
  assert.equal(rooms.target, "room:d");
  rooms.entered({ stream: "room:t", name: "#tea" }, undefined);
  rooms.left("room:d");
  assert.equal(rooms.target, "room:t");
  rooms.replaced("room:t", "room:u");
  rooms.entered({ stream: "room:u", name: "#tea" }, undefined);
  assert.equal(rooms.target, "room:u");
  rooms.left("room:u");
  assert.equal(rooms.target, undefined);
});
