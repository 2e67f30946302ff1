import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Door, detectDoor } from "./detection.ts";

const tagsOf = (bytes: number): string => `@${"a".repeat(bytes - 2)} `;
const sourceOf = (bytes: number): string => `:${"a".repeat(bytes - 2)} `;

/** Opening bytes (as Latin-1), the door, and how many of them tell it. */
const openings: readonly (readonly [string, Door, number])[] = [
  ["\x16\x03\x01\x02\x00", "tls", 2],
  ["\x16\x02\x01", "line", 2],
  ["\x16Alice\n", "line", 2],
  ["GET / HTTP/1.1\r\n", "http", 4],
  ["HEAD / HTTP/1.1\r\n", "http", 5],
  ["POST /x HTTP/1.1\r\n", "http", 5],
  ["PUT /x HTTP/1.1\r\n", "http", 4],
  ["DELETE /x HTTP/1.1\r\n", "http", 7],
  ["OPTIONS * HTTP/1.1\r\n", "http", 8],
  ["PATCH /x HTTP/1.1\r\n", "http", 6],
  ["CONNECT a:1 HTTP/1.1\r\n", "http", 8],
  ["TRACE / HTTP/1.1\r\n", "http", 6],
  ["PRI * HTTP/2.0\r\n\r\n", "http", 4],
  ["GET\n", "line", 4],
  ["GET\t/", "line", 4],
  ["Get / HTTP/1.1\r\n", "line", 2],
  ["GETTY\n", "line", 4],
  ["CAP LS 302\r\n", "irc", 4],
  ["NICK alice\r\n", "irc", 5],
  ["USER a 0 * :a\r\n", "irc", 5],
  ["PASS secret\r\n", "irc", 5],
  ["AUTHENTICATE PLAIN\r\n", "irc", 13],
  ["WEBIRC pw g h 1.2.3.4\r\n", "irc", 7],
  ["STARTTLS \r\n", "irc", 9],
  ["QUIT :bye\r\n", "irc", 5],
  ["PING x\r\n", "irc", 5],
  ["JOIN #lobby\r\n", "irc", 5],
  ["nick alice\n", "irc", 5],
  ["cAp LS\n", "irc", 4],
  ["QUIT\n", "irc", 5],
  ["quit\r\n", "irc", 6],
  ["Quit\r\0", "irc", 6],
  ["QUIT\rx\n", "line", 6],
  ["QUIT\0\n", "line", 5],
  ["QUITTER\n", "line", 5],
  ["nick\n", "line", 5],
  ["NICK\r\n", "line", 5],
  ["STARTTLS\r\n", "line", 9],
  ["nickel\n", "line", 5],
  ["PRIVMSG #lobby :hi\r\n", "line", 4],
  [" NICK alice\r\n", "line", 1],
  [":alice NICK bob\r\n", "irc", 12],
  [":a  NICK bob\r\n", "irc", 9],
  [":alice QUIT\r\n", "line", 12],
  [":alice hi\r\n", "line", 8],
  [": NICK bob\r\n", "line", 2],
  [":alice\n", "line", 7],
  [":al\0ice NICK b\n", "line", 4],
  ["@a=b CAP LS\r\n", "irc", 9],
  ["@a=b;c :alice CAP LS\r\n", "irc", 18],
  ["@a   :alice   cap LS\r\n", "irc", 18],
  ["@ NICK bob\r\n", "line", 2],
  ["@a=b hi\r\n", "line", 6],
  ["@a=b\r\n", "line", 5],
  ["@alice\n", "line", 7],
  [`${tagsOf(8191)}NICK a\r\n`, "irc", 8196],
  [`${tagsOf(8192)}NICK a\r\n`, "line", 8191],
  [`${sourceOf(507)}NICK a\r\n`, "irc", 512],
  [`${sourceOf(508)}NICK a\r\n`, "line", 512],
  [`${tagsOf(8191)}${sourceOf(507)}NICK a\r\n`, "irc", 8703],
  [`${tagsOf(8191)}${sourceOf(508)}NICK a\r\n`, "line", 8703],
  [`@a ${" ".repeat(507)}NICK a\r\n`, "irc", 515],
  [`@a ${" ".repeat(508)}NICK a\r\n`, "line", 515],
  ["Alice\n", "line", 2],
  ["Peter\n", "line", 2],
  ["g\n", "line", 1],
  ["\n", "line", 1],
  ["\r\n", "line", 1],
  ["\xff\xfb\x1fAlice\n", "line", 1],
  ["PA\xdf x\n", "line", 3],
  ["/help\n", "line", 1],
];

const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));

test("every opening is told from the first bytes that suffice, however they are cut", () => {
  for (const [opening, door, needed] of openings) {
    const bytes = bytesOf(opening);
    const shown = JSON.stringify(opening.slice(0, 40));
    for (let length = 0; length <= bytes.length; length += 1) {
      const expected = length < needed ? undefined : door;
      assert.equal(detectDoor(bytes.subarray(0, length)), expected, `${shown}, the first ${length} bytes`);
    }
  }
});

test("what is open at the end of the stream is a line", () => {
  for (const open of [
    "",
    "\x16",
    "GE",
    "GET",
    "nick",
    "QUIT",
    "QUIT\r",
    "@a=b",
    "@a=b ",
    ":alice ",
    ":alice CA",
  ]) {
    assert.equal(detectDoor(bytesOf(open)), undefined, open);
    assert.equal(detectDoor(bytesOf(open), { final: true }), "line", open);
  }
});

test("the end of the stream changes nothing that is decided", () => {
  for (const [opening, door] of openings) assert.equal(detectDoor(bytesOf(opening), { final: true }), door);
});

test("a view into a larger buffer is read within its bounds", () => {
  const bytes = bytesOf("xxGET / ");
  assert.equal(detectDoor(bytes.subarray(2)), "http");
  assert.equal(detectDoor(bytes.subarray(2, 5)), undefined);
});

const piece = fc.constantFrom(
  ..."\x16,\x03,GET,POST,PRI,P,CAP,nick,QUIT,quit,PING,@,@a=b,:,:src, ,  ,\r,\n,\0,\xff,\xdf,Alice,é".split(
    ",",
  ),
  "a".repeat(510),
  "a".repeat(4095),
);
const stream = fc.array(piece, { minLength: 1, maxLength: 9 }).map((pieces) => pieces.join(""));

test("what a beginning decides, no continuation changes", () => {
  fc.assert(
    fc.property(stream, stream, (beginning, rest) => {
      const door = detectDoor(bytesOf(beginning));
      if (door !== undefined) assert.equal(detectDoor(bytesOf(beginning + rest)), door);
    }),
    { numRuns: 3000 },
  );
});

/** The table, over a stream that holds its whole first line. */
function doorOfWhole(text: string): Door {
  if (text.startsWith("\x16\x03")) return "tls";
  if (/^(?:GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH|CONNECT|TRACE|PRI) /.test(text)) return "http";
  if (/^QUIT(?:\n|\r\n|\r\0)/i.test(text)) return "irc";
  const tags = /^@[^ \0\r\n]+ /.exec(text)?.[0] ?? "";
  const source = tags === "" ? /^(?::[^ \0\r\n]+ +)?/ : /^ *(?::[^ \0\r\n]+ +)?/;
  const message = text.slice(tags.length);
  const command = message.slice(source.exec(message)?.[0].length);
  const found = /^(?:CAP|NICK|USER|PASS|AUTHENTICATE|WEBIRC|STARTTLS|QUIT|PING|JOIN) /i.exec(command);
  const length = message.length - command.length + (found?.[0].length ?? 0);
  return found !== null && tags.length <= 8191 && length <= 512 ? "irc" : "line";
}

test("a whole first line is decided, as the table says", () => {
  fc.assert(
    fc.property(stream, (beginning) => {
      const text = `${beginning}\n`;
      assert.equal(detectDoor(bytesOf(text)), doorOfWhole(text), JSON.stringify(text.slice(0, 60)));
    }),
    { numRuns: 3000 },
  );
});
