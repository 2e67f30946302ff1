import type { MessageId } from "../../chat/event.ts";
import { quoted } from "../../chat/text.ts";

/** A frame that is no message. `problem` says of which field what is wanted, as in `counter must be …`. */
export interface Malformed {
  readonly type: "malformed";
  readonly problem: string;
}

/**
 * Reads the fields of a JSON object that somebody sent. Each method returns a value of its type in any case;
 * what was wrong first is the `problem`, and then what was read is not to be used. That lets a parser read
 * straight through. Unknown fields are not looked at, and `null` is a value like others, not a missing one.
 */
export class Fields {
  readonly #object: object;
  /** What stands before a field's name in a problem, as `position.`. */
  readonly #path: string;
  /** Shared with the readers of the objects within; holds the first problem. */
  readonly #problems: string[];

  constructor(object: object, path = "", problems: string[] = []) {
    this.#object = object;
    this.#path = path;
    this.#problems = problems;
  }

  get problem(): string | undefined {
    return this.#problems[0];
  }

  /** `wanted` completes a sentence that begins with the field's name. */
  wrong(name: string, wanted: string): void {
    if (this.#problems.length === 0) this.#problems.push(`${this.#path}${name} ${wanted}`);
  }

  optional<Value>(name: string, read: (name: string) => Value): Value | undefined {
    return this.#get(name) === undefined ? undefined : read(name);
  }

  /** A whole number from `min` up to the largest that JSON carries exactly. */
  integer(name: string, min: 0 | 1): number {
    const value = this.#get(name);
    if (Number.isSafeInteger(value) && (value as number) >= min) return value as number;
    this.#unlike(name, `a whole number from ${min} to ${Number.MAX_SAFE_INTEGER}`);
    return min;
  }

  /** A number from 0 up. */
  amount(name: string): number {
    const value = this.#get(name);
    if (Number.isFinite(value) && (value as number) >= 0) return value as number;
    this.#unlike(name, "a number from 0 up");
    return 0;
  }

  isNull(name: string): boolean {
    return this.#get(name) === null;
  }

  boolean(name: string): boolean {
    const value = this.#get(name);
    if (typeof value !== "boolean") this.#unlike(name, "true or false");
    return value === true;
  }

  /** At most `maxUnits` UTF-16 units. */
  text(name: string, maxUnits: number): string {
    return this.#textOf(name, this.#get(name), maxUnits);
  }

  /** A message's id. */
  id(name: string): MessageId {
    const value = this.#get(name);
    if (typeof value !== "string" || !/^[A-Za-z0-9._-]{1,64}$/.test(value)) {
      this.#unlike(name, "1 to 64 of A-Z a-z 0-9 . _ -");
    }
    return value as MessageId;
  }

  oneOf<Word extends string>(name: string, words: Readonly<Record<Word, unknown>>): Word {
    const value = this.#get(name);
    if (typeof value !== "string" || !Object.hasOwn(words, value)) {
      this.#unlike(name, `one of ${Object.keys(words).join(", ")}`);
    }
    return value as Word;
  }

  object<Value>(name: string, read: (fields: Fields) => Value): Value {
    return read(this.#within(name, this.#get(name)));
  }

  /** A list of objects. */
  objects<Value>(name: string, read: (fields: Fields) => Value): readonly Value[] {
    return this.#list(name).map((item, index) => read(this.#within(`${name}[${index}]`, item)));
  }

  texts(name: string, maxUnits: number): readonly string[] {
    return this.#list(name).map((item, index) => this.#textOf(`${name}[${index}]`, item, maxUnits));
  }

  /** An object of whole numbers from 0 up by streams; without a prototype, so that no stream's name is special. */
  heads(
    name: string,
    limits: { readonly maxEntries: number; readonly maxUnits: number },
  ): Record<string, number> {
    const read = Object.create(null) as Record<string, number>;
    const value = this.#get(name);
    const entries = isObject(value) ? Object.entries(value) : undefined;
    if (entries === undefined || entries.length > limits.maxEntries) {
      this.#unlike(name, `an object of at most ${limits.maxEntries} numbers`);
      return read;
    }
    for (const [stream, head] of entries) {
      const valid = stream.length <= limits.maxUnits && Number.isSafeInteger(head) && (head as number) >= 0;
      if (valid) read[stream] = head as number;
      else
        this.wrong(
          name,
          `must have whole numbers from 0 up under names of at most ${limits.maxUnits} characters`,
        );
    }
    return read;
  }

  #get(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? (this.#object as Record<string, unknown>)[name] : undefined;
  }

  #textOf(name: string, value: unknown, maxUnits: number): string {
    if (typeof value === "string" && value.length <= maxUnits) return value;
    this.#unlike(name, `a string of at most ${maxUnits} characters`, value);
    return "";
  }

  #list(name: string): readonly unknown[] {
    const value = this.#get(name);
    if (Array.isArray(value)) return value as readonly unknown[];
    this.#unlike(name, "a list");
    return [];
  }

  #within(name: string, value: unknown): Fields {
    if (!isObject(value)) this.#unlike(name, "an object", value);
    return new Fields(isObject(value) ? value : {}, `${this.#path}${name}.`, this.#problems);
  }

  #unlike(name: string, wanted: string, value: unknown = this.#get(name)): void {
    if (this.#problems.length === 0) this.wrong(name, `must be ${wanted}, not ${shown(value)}`);
  }
}

/** `fields` without those that are `undefined`. */
export function present<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}

/** Whether `value` is a JSON object, which a list is not. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Never the inside of a list or object, which may be nested deeper than a stack. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return "an object";
  if (typeof value !== "string") return JSON.stringify(value);
  return value.length > 40 ? `a string of ${value.length}` : `"${quoted(value)}"`;
}
