import assert from "node:assert/strict";
import test from "node:test";
import { columnsOf } from "./cells.ts";
import { roomColumn, titleRow } from "./room-list.ts";
import { ScreenPlace } from "./screen-place.ts";
import { ScreenState } from "./state.ts";
import { makeTheme } from "./theme.ts";

const theme = makeTheme({ colours: "none", background: "dark", own: {} });

function stateWith(count: number): ScreenState {
  const state = new ScreenState();
  state.home.standing = "in";
  for (let number = 2; number <= count; number += 1) {
    const place = new ScreenPlace(`#room${number}`, `room:${number}`);
    place.standing = "in";
    state.add(place);
  }
  return state;
}

/** What is left to be read. */
function plain(row: string): string {
  return row.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "");
}

test("the title lists as many rooms as fit, the one that is looked at always, and its topic where there is room", () => {
  const state = stateWith(12);
  for (const columns of [20, 33, 60, 200]) {
    for (const place of state.places) {
      state.lookAt(place);
      place.topic = "a topic that is rather long";
      const row = plain(titleRow(state, { columns, hasTabs: true }, theme));
      assert.ok(row.includes(place.name), row);
      assert.ok(columnsOf(row) <= columns, row);
    }
  }
  assert.match(
    plain(titleRow(state, { columns: 200, hasTabs: true }, theme)),
    /^1 #lobby 2 #room2 .* · a topic/,
  );
  assert.match(
    plain(titleRow(state, { columns: 50, hasTabs: false }, theme)),
    /^#room12 · a topic that is rather long$/,
  );
});

test("what is new is counted, a mention is marked, and rooms that one is out of are said to be so", () => {
  const state = stateWith(5);
  const [, two, three, four, five] = state.places;
  assert.ok(two !== undefined && three !== undefined && four !== undefined && five !== undefined);
  two.unread = 3;
  three.unread = 4;
  three.mentions = 1;
  four.standing = "out";
  five.standing = "asked";
  const column = roomColumn(state, { width: 20, rows: 6 }, theme).map((row) =>
    plain(row).replace("│", "").trim(),
  );
  const words = ["1 #lobby", "2 #room2        3", "3 #room3       4!", "4 #room4 (out)", "5 #room5 …", ""];
  assert.deepEqual(column, words);
  assert.equal(state.mentions, 1);
  state.lookAt(three);
  assert.deepEqual([three.unread, three.mentions], [0, 0]);
});

test("where there are more rooms than rows, the one that is looked at is among those shown", () => {
  const state = stateWith(30);
  for (const place of state.places) {
    state.lookAt(place);
    const column = roomColumn(state, { width: 20, rows: 7 }, theme).map(plain);
    assert.equal(column.length, 7);
    assert.ok(
      column.some((row) => row.includes(`${place.name} `)),
      place.name,
    );
  }
});

test("who closes a room looks at the one before it, and the lobby stays", () => {
  const state = stateWith(3);
  const [home, two, three] = state.places;
  assert.ok(home !== undefined && two !== undefined && three !== undefined);
  state.lookAt(three);
  state.remove(three);
  assert.equal(state.current, two);
  state.remove(two);
  assert.deepEqual([state.current, state.places], [home, [home]]);
});

test("a stream is no name, also where a room is called like one", () => {
  const state = stateWith(2);
  state.add(new ScreenPlace("#room:9", "room:3"));
  assert.equal(state.placeAt("room:9"), undefined);
  assert.equal(state.placeOf("ROOM2")?.stream, "room:2");
});

test("rooms without a row are counted, with what is new in them", () => {
  const state = stateWith(30);
  const [home, , three] = state.places;
  assert.ok(home !== undefined && three !== undefined);
  three.unread = 5;
  three.mentions = 1;
  const column = (): string[] =>
    roomColumn(state, { width: 20, rows: 7 }, theme).map((row) => plain(row).replace("│", "").trim());
  const [first, , , , , , last] = column();
  assert.deepEqual([first, last], ["1 #lobby", "↓ 24 more"]);
  const middle = state.places[14];
  assert.ok(middle !== undefined);
  state.lookAt(middle);
  assert.deepEqual([column()[0], column()[6]], ["↑ 12 more      5!", "↓ 13 more"]);
});

test("names that differ at their ends are told apart", () => {
  const state = stateWith(1);
  for (const number of [12, 13])
    state.add(new ScreenPlace(`#a-room-with-number-${number}`, `room:${number}`));
  for (const place of state.places) place.standing = "in";
  const column = roomColumn(state, { width: 20, rows: 3 }, theme).map((row) =>
    plain(row).replace("│", "").trim(),
  );
  assert.deepEqual(column, ["1 #lobby", "2 #a-room-wi…r-12", "3 #a-room-wi…r-13"]);
});
