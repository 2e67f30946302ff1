import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { foldName, maxNameCharacters, type Name, parseName } from "./name.ts";

function named(text: string): Name {
  const name = parseName(text);
  assert.ok(!("reason" in name), `${JSON.stringify(text)}: ${JSON.stringify(name)}`);
  return name;
}

function reasonOf(text: string): string | undefined {
  const name = parseName(text);
  return "reason" in name ? name.reason : undefined;
}

function lookAlike(one: string, other: string): boolean {
  const taken = new Set(named(one).skeletons);
  return named(other).skeletons.some((skeleton) => taken.has(skeleton));
}

function refusesAll(reason: string, names: readonly string[]): void {
  for (const name of names) assert.equal(reasonOf(name), reason, JSON.stringify(name));
}

test("ordinary names are shown as they are given", () => {
  const names = [
    "Alice",
    "bob_42",
    "O'Brien",
    "Zoë",
    "Łukasz",
    "Ngọc",
    "Ωμέγα",
    "Борис",
    "שלמה",
    "محمد",
    "小明",
  ];
  for (const name of [
    ...names,
    "क्षितिज",
    "ก้อง",
    "한글",
    "🦊",
    "👍🏽",
    "🇩🇪",
    "x",
    "7",
    "-v-",
    "[bot]",
    "a/b",
    "a#b",
    "a=b",
    "...",
  ]) {
    assert.equal(named(name).shown, name);
  }
});

test("what objects are made of is a name like any other", () => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"])
    assert.equal(named(name).shown, name);
});

test("a name is shown in its composed form", () => {
  assert.equal(named("Zoe\u0308").shown, "Zoë");
  assert.equal(named("Ａnn").shown, "Ａnn");
});

test("an empty name is refused", () => {
  assert.deepEqual(parseName(""), { reason: "name-empty" });
});

test("white space of any kind is refused wherever it stands", () => {
  refusesAll("name-white-space", [
    "Al ice",
    " Alice",
    "Alice ",
    "Al\tice",
    "Alice\r",
    "\nAlice",
    " ",
    "\u0085",
  ]);
  refusesAll("name-white-space", [
    "Al\u00a0ice",
    "\u2003Alice",
    "Alice\u3000",
    "Al\u1680ice",
    "Al\u2028ice",
    "/a b",
  ]);
});

test("a leading slash is refused", () => {
  refusesAll("name-slash", ["/", "/quit", "//x", "/\x00"]);
});

test("what cannot be seen is refused", () => {
  const invisible = [
    "\x00",
    "\x1b",
    "\x7f",
    "\x9b",
    "\u00ad",
    "\u034f",
    "\u061c",
    "\u180e",
    "\u200b",
    "\u200d",
    "\u200e",
  ];
  const more = [
    "\u202e",
    "\u2060",
    "\u2066",
    "\ufeff",
    "\ufe0f",
    "\u{E0100}",
    "\u{E0067}",
    "\u115f",
    "\u1160",
    "\u3164",
    "\uffa0",
  ];
  const rest = [
    "\u2800",
    "\ud800",
    "\udc00",
    "\ue000",
    "\u{10FFFF}",
    "\u0378",
    "\ufffc",
    "\ufffd",
    "\u{1D159}",
    "\u{16FE4}",
  ];
  for (const character of [...invisible, ...more, ...rest]) {
    refusesAll("name-invisible", [character, `${character}Al`, `A${character}l`, `Al${character}`]);
  }
});

test("a name may not begin with a combining mark or pile up more than four", () => {
  refusesAll("name-invisible", [
    "\u0301a",
    "\u0e49",
    "\u20dd",
    "a\u0334\u0335\u0336\u0337\u0338",
    "xy\u0316\u0317\u0318\u0319\u031c",
  ]);
  assert.equal(reasonOf("a\u0334\u0335\u0336\u0337"), undefined);
  assert.equal(reasonOf("a\u0301\u0334\u0335\u0336\u0337"), undefined, "á is one character, with four marks");
});

test("what means something to IRC is refused, and named", () => {
  for (const character of "!@,*?:") {
    for (const name of [character, `${character}a`, `a${character}b`, `a${character}`]) {
      assert.deepEqual(parseName(name), { reason: "name-unsafe", name, character });
    }
  }
  for (const character of "#&+~%$=") {
    assert.deepEqual(parseName(`${character}a`), { reason: "name-unsafe", name: `${character}a`, character });
    assert.equal(reasonOf(`a${character}`), undefined);
  }
  refusesAll("name-unsafe", [".", ".."]);
});

test("a name is at most 32 characters, each a code point of the composed form", () => {
  assert.equal(maxNameCharacters, 32);
  for (const character of ["x", "é", "🦊", "e\u0301"]) {
    assert.equal(reasonOf(character.repeat(32)), undefined, character);
    assert.equal(reasonOf(character.repeat(33)), "name-too-long", character);
  }
  const name = "x".repeat(100_000);
  assert.deepEqual(parseName(name), { reason: "name-too-long", name, maxCharacters: 32 });
});

test("characters that shrink the most when composed still make the longest name", () => {
  const name = named("\u03b1\u0313\u0300\u0345".repeat(32));
  assert.equal(name.shown, "ᾂ".repeat(32));
  assert.equal(reasonOf("\u{16D63}\u{16D67}\u{16D67}".repeat(32)), undefined);
});

test("the first reason in the order of the rules is the one that is given", () => {
  refusesAll("name-white-space", ["/\x00 !", "x ".repeat(40)]);
  refusesAll("name-invisible", ["!\u200b", "\u200b".repeat(40)]);
  refusesAll("name-unsafe", ["#SYSTEM", "!".repeat(40)]);
});

test("reserved names are refused in every case and every disguise", () => {
  const words =
    "SYSTEM ERROR INFO JOIN LEAVE PM BROADCAST You QUIT NickServ ChanServ MemoServ OperServ BotServ";
  const more = "HostServ SaslServ Global Server Console Operator Roomful Everyone Here All";
  for (const word of `${words} ${more}`.split(" ")) {
    refusesAll("name-reserved", [
      word,
      word.toLowerCase(),
      word.toUpperCase(),
      `[${word}]`,
      `_${word.split("").join("_")}_`,
    ]);
  }
  refusesAll("name-reserved", [
    "ＳＹＳＴＥＭ",
    "ЅYЅTEM",
    "𝐒𝐲𝐬𝐭𝐞𝐦",
    "Sy\u0301stem",
    "lNFO",
    "INF0",
    "Y0U",
    "GIobaI",
    "NlCKSERV",
    "a||",
    "Rоomful",
  ]);
  assert.deepEqual(parseName("[System]"), { reason: "name-reserved", name: "[System]" });
});

test("names that only resemble reserved words are free", () => {
  for (const name of [
    "Guest",
    "Systema",
    "System1",
    "Allan",
    "Ali",
    "ALI",
    "Yo",
    "[]",
    "___",
    "Joi",
    "Servus",
  ]) {
    assert.equal(reasonOf(name), undefined, name);
  }
});

test("a fold is the same in whatever case and form a name is typed", () => {
  const same = [
    ["Alice", "ALICE", "aLiCe", "Ａｌｉｃｅ"],
    ["Zoë", "ZOË", "zoe\u0308"],
    ["Οδυσσέας", "ΟΔΥΣΣΈΑΣ", "οδυσσέασ"],
    ["ﬁnn", "FINN"],
    ["Борис", "борис"],
    ["K", "\u212a", "k"],
    ["J\u030c", "ǰ"],
  ];
  for (const names of same) assert.equal(new Set(names.map(foldName)).size, 1, names.join(" "));
  for (const [name] of same) assert.equal(named(name!).fold, foldName(name!));
});

test("different names have different folds", () => {
  const names = ["Alice", "Аlice", "Zoe", "Zoë", "strasse", "straße", "i", "ı"];
  assert.equal(new Set(names.map(foldName)).size, names.length);
});

test("a fold refuses nothing", () => {
  for (const text of ["", " ", "/pm", "\x00", "\ud800", "\u0301".repeat(100_000)])
    assert.equal(typeof foldName(text), "string");
});

test("what is too long for a name is not folded, since normalizing marks takes quadratic time", () => {
  for (const text of ["Ａ".repeat(257), "\u0301\u0316".repeat(500_000)]) assert.equal(foldName(text), text);
});

test("folding a fold changes nothing, for every character", () => {
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const fold = foldName(String.fromCodePoint(point));
    assert.equal(foldName(fold), fold, `U+${point.toString(16)}`);
  }
});

test("folding a fold changes nothing, for every text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      assert.equal(foldName(foldName(text)), foldName(text));
    }),
  );
});

test("names that can be taken for each other share a skeleton", () => {
  const pairs = [
    ["paypaI", "paypal"],
    ["paypa1", "paypal"],
    ["PAYPAl", "paypaI"],
    ["Аlice", "Alice"],
    ["аlісе", "ALICE"],
    ["B0b", "Bob"],
    ["b0b", "BOB"],
    ["Rnark", "Mark"],
    ["rnark", "mark"],
    ["MaI", "mal"],
    ["Ａlice", "Alice"],
    ["𝒜lice", "alice"],
    ["Іan", "lan"],
    ["a|ice", "Alice"],
    ["ꓮlice", "Alice"],
    ["paypa\u{1CCDE}", "paypal"],
    ["ſrank", "frank"],
    ["Yo\u{1CCEA}r", "your"],
  ] as const;
  for (const [one, other] of pairs) {
    assert.ok(lookAlike(one, other), `${one} ${other}`);
    assert.ok(lookAlike(other, one), `${other} ${one}`);
  }
});

test("names that differ to the eye share none", () => {
  const pairs = [
    ["Alice", "Alicia"],
    ["ALI", "ALL1"],
    ["ELI", "Ell"],
    ["Zoe", "Zoë"],
    ["paypai", "paypal"],
    ["Ann", "Anm"],
    ["Bob", "Rob"],
  ] as const;
  for (const [one, other] of pairs) assert.ok(!lookAlike(one, other), `${one} ${other}`);
});

test("a name shares a skeleton with itself in another case", () => {
  for (const name of ["Alice", "Οδυσσέας", "Mimi", "IlI1l"]) {
    assert.ok(lookAlike(name, name.toUpperCase()), name);
    assert.ok(lookAlike(name, name.toLowerCase()), name);
  }
});

test("twenty thousand numbered names live beside each other", () => {
  const folds = new Set<string>();
  const skeletons = new Set<string>();
  for (let number = 0; number < 20_000; number += 1) {
    const name = named(`u${number}`);
    assert.ok(!folds.has(name.fold), name.shown);
    for (const skeleton of name.skeletons) assert.ok(!skeletons.has(skeleton), name.shown);
    folds.add(name.fold);
    for (const skeleton of name.skeletons) skeletons.add(skeleton);
  }
});

test("a name parses to itself, and its skeletons are each there once", () => {
  const characters = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
    fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
    fc.constantFrom("I", "M", "0", "Σ", "ς", "İ", "ß", "e\u0301", "ﷺ", "ᾂ"),
  );
  const names = fc.array(characters, { minLength: 1, maxLength: 36 }).map((parts) => parts.join(""));
  let parsed = 0;
  fc.assert(
    fc.property(names, (text) => {
      const name = parseName(text);
      if ("reason" in name) return;
      parsed += 1;
      assert.deepEqual(parseName(name.shown), name);
      assert.equal(name.fold, foldName(text));
      assert.equal(new Set(name.skeletons).size, name.skeletons.length);
    }),
    { numRuns: 2000 },
  );
  assert.ok(parsed > 100, `only ${parsed} of the tried texts were names`);
});

test("looking a third time at a character finds nothing new", () => {
  for (let point = 0x21; point <= 0x10ffff; point += 1) {
    const name = parseName(`x${String.fromCodePoint(point)}`);
    if ("reason" in name) continue;
    for (const skeleton of name.skeletons) {
      if (skeleton.normalize("NFKC").normalize("NFD") !== skeleton) continue;
      const again = parseName(skeleton);
      if (!("reason" in again)) assert.ok(again.skeletons.includes(skeleton), `${name.shown}: ${skeleton}`);
    }
  }
});
