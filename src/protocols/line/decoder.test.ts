import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineDecoder, type LineInput } from "./decoder.ts";

const max = 8;
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

interface Outcome {
  readonly items: readonly LineInput[];
  readonly end: "unfinished" | "clean";
}

function decode(chunks: readonly Uint8Array[], maxLineBytes = max): Outcome {
  const decoder = new LineDecoder(maxLineBytes);
  const items = chunks.flatMap((chunk) => decoder.push(chunk));
  return { items, end: decoder.end() };
}

/** The items as short text: lines as they are, `!` for one that is too long. */
function shown(outcome: Outcome): string {
  const items = outcome.items.map((item) => (item.kind === "line" ? `<${item.text}>` : "!"));
  return items.join("") + (outcome.end === "unfinished" ? "…" : "");
}

const subnegotiation = (bytes: number): string => `\xff\xfa${"s".repeat(bytes)}\xff\xf0`;

/** Input bytes (as Latin-1), and what comes of them when a line is at most 8 bytes. */
const inputs: readonly (readonly [string, string, string])[] = [
  ["LF ends a line", "a\nb\n", "<a><b>"],
  ["CR LF ends a line", "a\r\nb\r\n", "<a><b>"],
  ["CR NUL ends a line", "a\r\0b\r\0", "<a><b>"],
  ["ends may be mixed", "a\r\0b\nc\r\n\r\0\n", "<a><b><c><><>"],
  ["empty lines are lines", "\n\r\n\r\0", "<><><>"],
  ["another CR stays", "a\rb\r\r\n\rc\n", "<a\rb\r><\rc>"],
  ["another NUL stays", "\0a\0\nb\r\0\0\n", "<\0a\0><b><\0>"],
  ["an LF after CR NUL is an empty line", "a\r\0\n", "<a><>"],
  ["UTF-8", "\xc3\xa4\xe2\x82\xac\n", "<ä€>"],
  ["what is not UTF-8", "a\xe4b\xe2\x82\n\xc3\n", "<a\ufffdb\ufffd><\ufffd>"],
  ["a byte order mark stays", "\xef\xbb\xbfa\n", "<\ufeffa>"],
  ["the longest line", "12345678\n12345678\r\n12345678\r\0", "<12345678><12345678><12345678>"],
  ["a CR within the longest line", "1234567\r\r\n", "<1234567\r>"],
  ["a line too long is told once, in its place", "a\n123456789abcdefghijkl\nb\n", "<a>!<b>"],
  ["one byte too long, with every end", "123456789\n123456789\r\n123456789\r\0a\n", "!!!<a>"],
  ["a CR makes it too long when it is no end", "12345678\rx\na\n", "!<a>"],
  ["a long line of CRs", "\r\r\r\r\r\r\r\r\r\r\r\r\na\n", "!<a>"],
  ["a long line is dropped up to its CR NUL", "123456789\r\r\0a\n", "!<a>"],
  [
    "a long line is measured in bytes",
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\n\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4x\n",
    "<ääää>!",
  ],
  ["an unfinished line", "a\nbc", "<a>…"],
  ["an unfinished line of a CR", "a\n\r", "<a>…"],
  ["an unfinished line that was told of", "123456789", "!"],
  ["an unfinished longest line and a CR", "12345678\r", "…"],
  ["telnet options", "\xff\xfb\x18a\xff\xfc\x01\xff\xfd\x0ab\xff\xfe\xff\n", "<ab>"],
  ["telnet commands", "\xff\xf1a\xff\xf4b\xff\xecc\xff\xf0\n", "<abc>"],
  ["telnet within an end", "a\r\xff\xf1\nb\r\xff\xfb\x01\0c\n", "<a><b><c>"],
  ["telnet within a character", "\xc3\xff\xf1\xa4\n", "<ä>"],
  ["a literal 255", "a\xff\xffb\n\xff\xff\xff\xff\n", "<a\ufffdb><\ufffd\ufffd>"],
  ["a 255 that begins no command", "a\xff\nb\xffc\n\xff\r\0", "<a\ufffd><b\ufffdc><\ufffd>"],
  ["telnet does not count", "1234\xff\xfb\x185678\xff\xfa\x18\0xterm-256color\xff\xf0\n", "<12345678>"],
  ["a literal 255 counts", "1234567\xff\xff\n1234567\xff\xff8\n", "<1234567\ufffd>!"],
  ["a subnegotiation may hold anything", "a\xff\xfa\x1f\n\r\0\xff\xff\xf0\xff\xfbx\xff\xf0b\n", "<ab>"],
  ["the longest subnegotiation", `a${subnegotiation(1024)}b\n`, "<ab>"],
  ["one too long is a line too long", `a${subnegotiation(1025)}b\nc\n`, "!<c>"],
  ["the bound is for each subnegotiation", `a${subnegotiation(1000)}${subnegotiation(1000)}b\n`, "<ab>"],
  ["a CR before one too long ends nothing", `a\r\xff\xfa${"s".repeat(1024)}\0b\nc\n`, "!<c>"],
  ["one too long of commands", `a\xff\xfa${"\xff\xff".repeat(513)}b\nc\n`, "!<c>"],
  ["one too long in a line too long", `123456789${subnegotiation(1025)}b\nc\n`, "!<c>"],
  ["one without an end", `\xff\xfa${"a\n".repeat(600)}`, `!${"<a>".repeat(87)}`],
  ["one without an end, within its bound", "a\n\xff\xfab\n", "<a>…"],
  ["a command without an end", "a\n\xff", "<a>…"],
  ["an option without an end", "a\n\xff\xfb", "<a>…"],
];

for (const [behaviour, input, expected] of inputs) {
  test(`${behaviour}, wherever it is cut`, () => {
    const bytes = latin1(input);
    assert.equal(shown(decode([bytes])), expected);
    assert.equal(shown(decode(Array.from(bytes, (byte) => Uint8Array.of(byte)))), expected, "byte by byte");
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.equal(shown(decode([bytes.subarray(0, cut), bytes.subarray(cut)])), expected, `cut at ${cut}`);
    }
  });
}

test("a line too long is told before its end comes", () => {
  const decoder = new LineDecoder(max);
  assert.deepEqual(decoder.push(latin1("12345678")), []);
  assert.deepEqual(decoder.push(latin1("9")), [{ kind: "too-long" }]);
  assert.deepEqual(decoder.push(latin1("x".repeat(100_000))), []);
  assert.deepEqual(decoder.push(latin1("\na\n")), [{ kind: "line", text: "a" }]);
});

test("a long line in many chunks is one line", () => {
  const line = "a long way to go, ".repeat(100);
  const chunks = Array.from(`${line}\r\n`, latin1);
  assert.deepEqual(decode(chunks, line.length).items, [{ kind: "line", text: line }]);
  assert.deepEqual(decode(chunks, line.length - 1).items, [{ kind: "too-long" }]);
});

test("a kept beginning does not change with the chunk it came from", () => {
  const decoder = new LineDecoder(max);
  const chunk = latin1("ab");
  decoder.push(chunk);
  chunk.fill("x");
  assert.deepEqual(decoder.push(latin1("c\n")), [{ kind: "line", text: "abc" }]);
});

test("a view into a larger buffer is read within its bounds", () => {
  const view = Uint8Array.from(latin1("x\na\ny\n")).subarray(2, 4);
  assert.equal(shown(decode([view])), "<a>");
});

/** The same rules, a byte at a time. */
function reference(bytes: Uint8Array): string {
  const plain: number[] = [];
  const overflow = -1;
  for (let at = 0; at < bytes.length; at += 1) {
    const code = bytes[at + 1];
    if (bytes[at] !== 255) plain.push(bytes[at]!);
    else if (code === undefined) return `${items(plain)}…`;
    else if (code === 255) plain.push(bytes[(at += 1)]!);
    else if (code < 236) plain.push(255);
    else if (code < 250) at += 1;
    else if (code > 250) {
      at += 2;
      if (at >= bytes.length) return `${items(plain)}…`;
    } else {
      let used = 0;
      at += 2;
      for (; ; at += 1) {
        if (at >= bytes.length) return `${items(plain)}…`;
        const pair = bytes[at] === 255;
        if (used + (pair ? 0 : 1) > 1024) {
          plain.push(overflow);
          at -= 1;
          break;
        }
        if (pair && at + 1 >= bytes.length) return `${items(plain)}…`;
        used += pair ? 2 : 1;
        if (pair && bytes[(at += 1)] === 240) break;
      }
    }
  }
  return items(plain) + (isUnfinished(plain) ? "…" : "");

  function isUnfinished(all: readonly number[]): boolean {
    const last = split(all).at(-1)!;
    return last.length > 0 && !isLong(last);
  }
  function isLong(line: readonly number[]): boolean {
    return line.includes(overflow) || (line.at(-1) === 13 ? line.slice(0, -1) : line).length > max;
  }
  function items(all: readonly number[]): string {
    const lines = split(all);
    const unfinished = lines.pop()!;
    const told = lines.map((line) => {
      if (line.includes(overflow) || line.length > max) return "!";
      return `<${Buffer.from(line).toString("utf8")}>`;
    });
    return told.join("") + (isLong(unfinished) ? "!" : "");
  }
  function split(all: readonly number[]): number[][] {
    const lines: number[][] = [[]];
    for (const byte of all) {
      const line = lines.at(-1)!;
      const afterCr = line.at(-1) === 13;
      if (byte === 10 || (byte === 0 && afterCr)) {
        if (afterCr) line.pop();
        lines.push([]);
      } else line.push(byte);
    }
    return lines;
  }
}

const anyByte = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(10, 13, 0, 255, 250, 240, 251, 254, 241, 97, 98) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
);

test("any bytes, cut anywhere, give what the rules say", () => {
  const chunks = fc.array(fc.array(anyByte, { maxLength: 24 }), { maxLength: 6 });
  fc.assert(
    fc.property(chunks, (parts) => {
      const bytes = Uint8Array.from(parts.flat());
      const expected = reference(bytes);
      assert.equal(shown(decode([bytes])), expected);
      assert.equal(shown(decode(parts.map((part) => Uint8Array.from(part)))), expected);
    }),
    { numRuns: 5000 },
  );
});
