import assert from "node:assert/strict";
import { test } from "node:test";
import { formatReadUpTo, parseMarkread } from "./read-marker.ts";

const time = "timestamp=2019-01-04T14:33:26.123Z";
const at = Date.UTC(2019, 0, 4, 14, 33, 26, 123);

test("asking and setting", () => {
  assert.deepEqual(parseMarkread(["#a"]), { kind: "get", target: "#a" });
  assert.deepEqual(parseMarkread(["bob", time]), { kind: "set", target: "bob", at });
});

for (const [params, code, context] of [
  [[], "NEED_MORE_PARAMS", []],
  [[""], "NEED_MORE_PARAMS", []],
  [["#a", "*"], "INVALID_PARAMS", ["*"]],
  [["#a", "2019-01-04T14:33:26.123Z"], "INVALID_PARAMS", ["2019-01-04T14:33:26.123Z"]],
  [["#a", "timestamp=now"], "INVALID_PARAMS", ["timestamp=now"]],
] as const) {
  test(`MARKREAD ${params.join(" ")} fails with ${code}`, () => {
    const description = code === "NEED_MORE_PARAMS" ? "Missing parameters" : "Invalid parameters";
    assert.deepEqual(parseMarkread(params), {
      kind: "FAIL",
      command: "MARKREAD",
      code,
      context,
      description,
    });
  });
}

test("what is told is an instant, or that there is none", () => {
  assert.equal(formatReadUpTo(at), time);
  assert.equal(formatReadUpTo(undefined), "*");
});
