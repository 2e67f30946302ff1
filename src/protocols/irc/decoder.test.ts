import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { clientLimits, IrcDecoder, type IrcInput, type IrcLimits } from "./decoder.ts";

const small: IrcLimits = { maxTagBytes: 4, maxMessageBytes: 8 };
const latin1 = (text: string): Buffer => Buffer.from(text, "latin1");

function decode(chunks: readonly Uint8Array[], limits = small): string {
  const decoder = new IrcDecoder(limits);
  const items = chunks.flatMap((chunk) => decoder.push(chunk));
  return items.map(shown).join("") + (decoder.end() === "unfinished" ? "…" : "");
}

/** `<line>`, `!` for one that is too long, `(command label)` for one that is not UTF-8. */
function shown(item: IrcInput): string {
  switch (item.kind) {
    case "line":
      return `<${item.text}>`;
    case "too-long":
      return "!";
    case "not-utf8":
      return `(${item.command} ${item.label})`;
  }
}

/** Input bytes (as Latin-1), and what comes of them with 4 bytes of tags and 8 of the rest. */
const inputs: readonly (readonly [string, string, string])[] = [
  ["CR LF ends a line", "a\r\nb\r\n", "<a><b>"],
  ["LF ends a line", "a\nb\n", "<a><b>"],
  ["empty lines are lines", "\r\n\n", "<><>"],
  ["another CR stays", "a\rb\r\r\n\rc\n", "<a\rb\r><\rc>"],
  ["a NUL stays", "a\0b\r\0\n", "<a\0b\r\0>"],
  ["UTF-8", "\xc3\xa4\xe2\x82\xac\n", "<ä€>"],
  ["a byte order mark stays", "\xef\xbb\xbfa\n", "<\ufeffa>"],
  ["a replacement character that was sent", "a\xef\xbf\xbdb\n", "<a\ufffdb>"],
  ["the longest message", "12345678\n12345678\r\n", "<12345678><12345678>"],
  ["a CR within the longest message", "1234567\r\r\n", "<1234567\r>"],
  ["one byte too long", "a\n123456789\r\n123456789\nb\n", "<a>!!<b>"],
  ["a CR makes it too long when it is no end", "12345678\rx\na\n", "!<a>"],
  ["one too long is told once, in its place", "a\n123456789abcdefghijklmnopqrstuvwxyz\nb\n", "<a>!<b>"],
  ["the longest tags and message", "@1234 12345678\r\n", "<@1234 12345678>"],
  ["tags one byte too long", "@12345 a\nb\n", "!<b>"],
  ["tags without a message", "@1234\n@1234\r\n@12345\n", "<@1234><@1234>!"],
  ["a message too long after tags", "@1 123456789\nb\n", "!<b>"],
  ["short tags leave no more to the message", "@1 12345678\n@ 123456789\n", "<@1 12345678>!"],
  ["an @ further back begins no tags", "a@345678\n :@12345\na @123456789\n", "<a@345678>< :@12345>!"],
  [
    "bytes are counted, not characters",
    "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\n\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4x\n",
    "<ääää>!",
  ],
  ["what is not UTF-8", "SAY \xe4\nb\n", "(SAY undefined)<b>"],
  ["a character cut off", "say \xe2\x82\n", "(SAY undefined)"],
  ["surrogates in UTF-8", "a \xed\xa0\x80\n", "(A undefined)"],
  ["overlong UTF-8", "a \xc0\xaf\n", "(A undefined)"],
  ["a command that is not UTF-8", "S\xe4Y a\n", "(* undefined)"],
  ["nothing that is a command", ":\xe4\n", "(* undefined)"],
  ["an unfinished line", "a\nbc", "<a>…"],
  ["an unfinished line of a CR", "a\n\r", "<a>…"],
  ["an unfinished line that was told of", "123456789", "!"],
  ["an unfinished longest line and its CR", "@1234 12345678\r", "…"],
  ["unfinished tags that were told of", "@12345", "!"],
];

for (const [behaviour, input, expected] of inputs) {
  test(`${behaviour}, wherever it is cut`, () => {
    const bytes = latin1(input);
    assert.equal(decode([bytes]), expected);
    assert.equal(decode(Array.from(bytes, (byte) => Uint8Array.of(byte))), expected, "byte by byte");
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.equal(decode([bytes.subarray(0, cut), bytes.subarray(cut)]), expected, `cut at ${cut}`);
    }
  });
}

test("the label of a line that is not UTF-8 is read where it is", () => {
  const limits = { maxTagBytes: 20, maxMessageBytes: 20 };
  assert.equal(decode([latin1("@label=a\\sb PRIVMSG #a :\xff\n")], limits), "(PRIVMSG a b)");
  assert.equal(decode([latin1("@label=\xff PRIVMSG #a :b\n")], limits), "(PRIVMSG undefined)");
});

test("a line too long is told before its end comes", () => {
  const decoder = new IrcDecoder(small);
  assert.deepEqual(decoder.push(latin1("12345678")), []);
  assert.deepEqual(decoder.push(latin1("9")), [{ kind: "too-long" }]);
  assert.deepEqual(decoder.push(latin1("x".repeat(100_000))), []);
  assert.deepEqual(decoder.push(latin1("\na\n")), [{ kind: "line", text: "a" }]);
});

test("a client may send 4094 bytes of tags and 510 of the rest", () => {
  const line = `@${"t".repeat(4094)} ${"m".repeat(510)}`;
  assert.equal(decode([latin1(`${line}\r\n`)], clientLimits), `<${line}>`);
  assert.equal(decode([latin1(`${line}m\r\n`)], clientLimits), "!");
  assert.equal(decode([latin1(`@t${line.slice(1)}\r\n`)], clientLimits), "!");
});

test("a kept beginning does not change with the chunk it came from", () => {
  const decoder = new IrcDecoder(small);
  const chunk = latin1("ab");
  decoder.push(chunk);
  chunk.fill("x");
  assert.deepEqual(decoder.push(latin1("c\n")), [{ kind: "line", text: "abc" }]);
});

test("any bytes, cut anywhere, give the same", () => {
  const byte = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(10, 13, 32, 64, 97, 98) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
  );
  const chunks = fc.array(fc.array(byte, { maxLength: 24 }), { maxLength: 6 });
  fc.assert(
    fc.property(chunks, (parts) => {
      const whole = decode([Uint8Array.from(parts.flat())]);
      assert.equal(decode(parts.map((part) => Uint8Array.from(part))), whole);
    }),
    { numRuns: 5000 },
  );
});
