import type { Refusal } from "./refusal.ts";
import { skeleton } from "./skeleton.ts";
import { isAscii } from "./text.ts";

/** A name is at most this long, in code points of its NFC. */
export const maxNameCharacters = 32;

/** The key under which a name is the same name, however it is written. */
export type Fold = (name: string) => string;

/** A name that every door can carry. Made by `parseName` only. */
export interface Name {
  /** As it was given, in NFC: what everybody is shown. */
  readonly shown: string;
  /** Two names with one fold are the same name. */
  readonly fold: string;
  /** Two names that share one of these can be taken for each other. */
  readonly skeletons: readonly string[];
}

// NFC makes one code point of at most four, so of at most eight UTF-16 units.
const maxUnnormalizedUnits = 8 * maxNameCharacters;

const whiteSpace = /\p{White_Space}/u;

// Controls, formats, surrogates, private use and what Unicode has not assigned; ignorables, Hangul fillers and
// variation selectors among them; three blanks that are not ignorable; and the replacement characters, which
// stand for what could not be decoded.
const invisible = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\uFFFC\uFFFD\u{1D159}\u{16FE4}]/u;

// A mark at the beginning sits on whatever stands before the name; a pile of them covers other lines.
const strayMarks = /^\p{M}|\p{M}{5}/u;

// IRC's masks, lists and prefixes, the prefixes of its channels and ranks, and the two paths.
const unsafe = /[!@,*?:]|^[#&+~%$=]|^\.\.?$/u;

// What the doors and the console print where a name could stand, IRC's services, and words for everybody.
const reserved =
  "SYSTEM ERROR INFO JOIN LEAVE PM BROADCAST You QUIT Server Console Operator Roomful Everyone Here All " +
  "NickServ ChanServ MemoServ OperServ BotServ HostServ SaslServ Global";
let reservedKeys: ReadonlySet<string> | undefined;

/**
 * The name that `text` is, or the first reason why it is none. The rules follow the nickname profile of
 * PRECIS (RFC 8266), without spaces and narrowed to what is visible and safe on every door. A refusal holds
 * `text` as it came, so who prints it puts it through `quoted`.
 *
 * @param fold how names are told apart here
 */
export function parseName(text: string, fold: Fold = foldName): Name | Refusal {
  if (text === "") return { reason: "name-empty" };
  const shown = text.length > maxUnnormalizedUnits ? text : text.normalize("NFC");
  if (whiteSpace.test(shown)) return { reason: "name-white-space", name: text };
  if (shown.startsWith("/")) return { reason: "name-slash", name: text };
  if (invisible.test(shown) || strayMarks.test(shown)) return { reason: "name-invisible", name: text };
  const character = unsafe.exec(shown)?.[0].charAt(0);
  if (character !== undefined) return { reason: "name-unsafe", name: text, character };
  if (isTooLong(shown)) return { reason: "name-too-long", name: text, maxCharacters: maxNameCharacters };
  const skeletons = skeletonsOf(shown);
  if (isReserved(skeletons)) return { reason: "name-reserved", name: text };
  return { shown, fold: fold(shown), skeletons };
}

/**
 * The key under which a name is the same name in whatever case and form somebody types it: NFKC (so
 * full-width letters are letters), lower case as Unicode has it for all languages, and a final sigma is a
 * sigma. Lower case and not case folding, as RFC 8264, section 5.2.3, has it: `ß` stays apart from `ss`.
 * Folding a fold changes nothing. Never refuses: what cannot be a name has a fold that is nobody's.
 */
export function foldName(text: string): string {
  // Normalizing takes long on a text that is nothing but marks, and no name is that long.
  if (text.length > maxUnnormalizedUnits) return text;
  if (isAscii(text)) return text.toLowerCase();
  return text.normalize("NFKC").toLowerCase().normalize("NFKC").replaceAll("ς", "σ");
}

function isTooLong(shown: string): boolean {
  return shown.length > 2 * maxNameCharacters || Array.from(shown).length > maxNameCharacters;
}

/**
 * What a name looks like in lower case, and as it is shown: in small letters `paypaI` is no `paypal`. NFKC
 * knows letters that the table does not, and the table what NFKC takes for something else: `ſ` looks like `f`.
 */
function skeletonsOf(shown: string): readonly string[] {
  if (isAscii(shown)) {
    const looks = [asciiLook(foldName(shown)), asciiLook(shown)];
    return looks[0] === looks[1] ? [looks[0]!] : looks;
  }
  const forms = new Set([foldName(shown), shown, shown.normalize("NFKC")]);
  return [...new Set(Array.from(forms, lookOf))];
}

/** Twice, because a letter made small can look like another: `M`, `m`, `rn`. No letter needs a third time. */
function lookOf(text: string): string {
  return small(skeleton(small(skeleton(text))));
}

/** A capital `L` looks like none of what looks like `l`; keeping it apart lets `ALI` be here beside `ALL`. */
function small(text: string): string {
  return text.replace(/[^L]+/g, (run) => run.toLowerCase());
}

/** What each ASCII character looks like. */
let asciiLooks: readonly string[] | undefined;

/** `lookOf` for a text of ASCII, in which no character changes another one. */
function asciiLook(text: string): string {
  asciiLooks ??= Array.from({ length: 128 }, (_, code) => lookOf(String.fromCharCode(code)));
  let look = "";
  for (let at = 0; at < text.length; at += 1) look += asciiLooks[text.charCodeAt(at)]!;
  return look;
}

function isReserved(skeletons: readonly string[]): boolean {
  reservedKeys ??= new Set(
    reserved.split(" ").flatMap((word) => [...keysOf(word), ...keysOf(word.toUpperCase())]),
  );
  return skeletons.map(reservedKeyOf).some((key) => reservedKeys!.has(key));
}

function keysOf(word: string): readonly string[] {
  return skeletonsOf(word).map(reservedKeyOf);
}

/** `[SYSTEM]` and `s.y.s.t.e.m` say SYSTEM as well. */
function reservedKeyOf(look: string): string {
  return look.replace(/[^\p{L}\p{N}]+/gu, "");
}
