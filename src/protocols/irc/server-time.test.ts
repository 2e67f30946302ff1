import assert from "node:assert/strict";
import { test } from "node:test";
import { formatTime, formatTimeParam, parseTime, parseTimeParam } from "./server-time.ts";

const at = Date.UTC(2011, 9, 19, 16, 40, 51, 620);

test("an instant is written in UTC with its milliseconds, and read again", () => {
  assert.equal(formatTime(at), "2011-10-19T16:40:51.620Z");
  assert.equal(formatTime(0), "1970-01-01T00:00:00.000Z");
  assert.equal(parseTime("2011-10-19T16:40:51.620Z"), at);
  assert.equal(parseTime("1969-12-31T23:59:59.999Z"), -1);
  assert.equal(parseTime("2028-02-29T00:00:00.000Z"), Date.UTC(2028, 1, 29));
});

const refused = [
  "",
  "2011-10-19",
  "2011-10-19T16:40:51Z",
  "2011-10-19T16:40:51.62Z",
  "2011-10-19T16:40:51.620",
  "2011-10-19T16:40:51.620z",
  "2011-10-19 16:40:51.620Z",
  "2011-10-19T16:40:51.620+00:00",
  "2011-13-19T16:40:51.620Z",
  "2011-02-30T16:40:51.620Z",
  "2027-02-29T00:00:00.000Z",
  "2011-10-19T24:00:00.000Z",
  "2011-10-19T16:60:51.620Z",
  "2012-06-30T23:59:60.419Z",
  "+02011-10-19T16:40:51.620Z",
  "2011-10-19T16:40:51.620Z\n",
  "٢٠١١-10-19T16:40:51.620Z",
  "1319042451620",
];

for (const text of refused) {
  test(`${JSON.stringify(text)} is no instant`, () => {
    assert.equal(parseTime(text), undefined);
  });
}

test("an instant as a parameter", () => {
  assert.equal(formatTimeParam(at), "timestamp=2011-10-19T16:40:51.620Z");
  assert.equal(parseTimeParam("timestamp=2011-10-19T16:40:51.620Z"), at);
  for (const param of ["2011-10-19T16:40:51.620Z", "timestamp=", "Timestamp=2011-10-19T16:40:51.620Z", "*"]) {
    assert.equal(parseTimeParam(param), undefined);
  }
});
