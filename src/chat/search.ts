import type { Instant } from "./event.ts";
import { foldName } from "./name.ts";
import type { Refusal } from "./refusal.ts";
import { isUnspaced, searchable } from "./searchable.ts";

/** What is looked for. Everything that it says must be true of a message that is found. */
export interface SearchQuery {
  /** As `searchable` has them, without its blanks: the message holds each, or a word that begins so. */
  readonly words: readonly string[];
  /** Likewise; words stand side by side, as they are given. */
  readonly phrases: readonly string[];
  /** The fold of the name that the speaker was shown under. */
  readonly from: string | undefined;
  /** Said at this moment or later. */
  readonly after: Instant | undefined;
  /** Said before this moment. */
  readonly before: Instant | undefined;
}

/** A moment as people write it, in a time zone that is known elsewhere. `month` is 1 to 12. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What may stand before a colon in a search. */
export type SearchKey = "from" | "after" | "before";

/** A search has at most so many words and phrases. */
export const maxSearchWords = 32;

/** What of a flood limit a search takes up: it costs more than a line. Where less is allowed at once, all of that. */
export const searchCost = 4;

/** Shorter words are found only whole: too many words begin with two letters. */
const minBeginning = 3;

const part = /(?:(?<key>from|after|before):)?(?:["“”„](?<phrase>[^"“”„]*)(?<end>["“”„])?|(?<word>\S+))?/iy;
const date = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;

interface Draft {
  words: string[];
  phrases: string[];
  from: string | undefined;
  after: Instant | undefined;
  before: Instant | undefined;
}

/**
 * What a search asks for: words, `"phrases"`, `from:NAME`, `after:DATE` and `before:DATE`, in any order; or the first
 * reason why it cannot be told. A word with punctuation in it (`don't`) is a phrase. `instantOf` knows the time zone.
 */
export function parseSearch(text: string, instantOf: (time: LocalTime) => Instant): SearchQuery | Refusal {
  const draft: Draft = {
    words: [],
    phrases: [],
    from: undefined,
    after: undefined,
    before: undefined,
  };
  for (let at = 0; ; at = part.lastIndex) {
    at += text.slice(at).search(/\S|$/);
    if (at === text.length) break;
    part.lastIndex = at;
    const { key, phrase, end, word } = part.exec(text)?.groups ?? {};
    if (phrase !== undefined && end === undefined)
      return { reason: "search-unended", phrase: text.slice(at) };
    const refusal =
      key === undefined
        ? addWords(draft, phrase ?? word ?? "", phrase !== undefined)
        : addKey(draft, { key: key.toLowerCase() as SearchKey, value: phrase ?? word ?? "", instantOf });
    if (refusal !== undefined) return refusal;
  }
  const isEmpty = draft.words.length === 0 && draft.phrases.length === 0;
  const isUnbounded = draft.from === undefined && draft.after === undefined && draft.before === undefined;
  return isEmpty && isUnbounded ? { reason: "search-empty" } : draft;
}

/** Whether a message that holds a word beginning with this one is found as well. */
export function findsBeginnings(word: string): boolean {
  return word.length >= minBeginning && !isUnspaced(word);
}

/**
 * How well a text, as `searchable` made it, fits what is looked for, or `undefined` where it does not. Whole words
 * count for more than beginnings, words side by side for more than words apart, and most a text that says little else.
 */
export function fitOf({ words, phrases }: SearchQuery, searched: string): number | undefined {
  let whole = 0;
  let units = 0;
  for (const phrase of phrases) {
    if (!searched.includes(bounded(phrase))) return undefined;
    whole += 1;
    units += phrase.length;
  }
  for (const word of words) {
    if (searched.includes(bounded(word))) whole += 1;
    else if (!findsBeginnings(word) || !searched.includes(` ${word}`)) return undefined;
    units += word.length;
  }
  const count = words.length + phrases.length;
  if (count === 0) return 0;
  const isTogether = words.length > 1 && searched.includes(` ${words.join(" ")}`);
  // In halves, so that of messages that fit about as well the newer one comes first.
  const share = Math.round((2 * units) / searched.length) / 2;
  return whole / count + (isTogether ? 1 : 0) + share;
}

/** With the blanks that must stand around it: none where it may stand within a run. */
function bounded(phrase: string): string {
  const last = phrase.slice(phrase.lastIndexOf(" ") + 1);
  return `${isUnspaced(phrase) ? "" : " "}${phrase}${isUnspaced(last) ? "" : " "}`;
}

function addWords(draft: Draft, text: string, isPhrase: boolean): Refusal | undefined {
  const found = searchable(text).trim();
  if (found === "") return undefined;
  if (draft.words.length + draft.phrases.length === maxSearchWords)
    return { reason: "search-too-long", maxWords: maxSearchWords };
  if (isPhrase || found.includes(" ")) draft.phrases.push(found);
  else draft.words.push(found);
  return undefined;
}

function addKey(
  draft: Draft,
  given: {
    readonly key: SearchKey;
    readonly value: string;
    readonly instantOf: (time: LocalTime) => Instant;
  },
): Refusal | undefined {
  const { key, instantOf } = given;
  const value = given.value.trim();
  if (value === "") return { reason: "search-incomplete", key };
  if (draft[key] !== undefined) return { reason: "search-twice", key };
  if (key === "from") {
    draft.from = foldName(value.replace(/^@/, ""));
    return undefined;
  }
  const time = parseTime(value);
  if (time === undefined) return { reason: "search-date", key, given: value };
  draft[key] = instantOf(time);
  return undefined;
}

function parseTime(text: string): LocalTime | undefined {
  const parts = date.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map((each) => Number(each ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
  return isDay && hour < 24 && minute < 60 && second < 60
    ? { year, month, day, hour, minute, second }
    : undefined;
}

function daysOf(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  if (month === 2) return isLeap ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
