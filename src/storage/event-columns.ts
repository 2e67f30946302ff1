import type {
  Author,
  CleanText,
  EventKind,
  MessageId,
  NewEvent,
  PersonId,
  RetryKey,
  StoredEvent,
  StreamId,
} from "../chat/event.ts";

/**
 * A batch of events as columns: what crosses between threads. A batch repeats its few streams and people all
 * the time and copying an array is far cheaper than copying as many objects. Optional columns are `undefined`
 * where no event of the batch has the field.
 */
export interface EventColumns {
  readonly streams: readonly StreamId[];
  /** The id and the name of each author in turn: strings are copied faster than objects. */
  readonly authors: readonly string[];
  readonly devices: readonly string[];
  /** Index into `streams`. */
  readonly stream: Uint32Array;
  readonly at: Float64Array;
  /** What `kindOf` reads. */
  readonly kind: Uint8Array;
  /** Which author, from 0. */
  readonly from: Uint32Array;
  /** Which author, from 1; 0 where there is none. */
  readonly to: Uint32Array | undefined;
  readonly id: readonly MessageId[];
  readonly text: readonly CleanText[];
  readonly replyTo: readonly (MessageId | undefined)[] | undefined;
  readonly threadRoot: readonly (MessageId | undefined)[] | undefined;
  readonly clientTags: readonly (string | undefined)[] | undefined;
  /** Index into `devices` plus 1; 0 where there is none. */
  readonly device: Uint32Array | undefined;
  readonly counter: Float64Array | undefined;
}

/** A page of a stream as columns. */
export interface PageColumns {
  readonly events: EventColumns;
  readonly number: Float64Array;
  readonly floor: number;
  readonly head: number;
}

type Packable = Omit<NewEvent, "retry"> & { readonly retry?: RetryKey | undefined };

/** How kinds are stored. A code is never used again for another kind. */
const kindCodes: Readonly<Record<EventKind, number>> = {
  text: 1,
  action: 2,
  announcement: 3,
  notice: 4,
  topic: 5,
  kick: 6,
  mode: 7,
  "room-name": 8,
  removal: 9,
  removed: 10,
  signal: 11,
};

const kindsByCode = new Map(Object.entries(kindCodes).map(([kind, code]) => [code, kind as EventKind]));

/** How a kind is stored. */
export function codeOf(kind: EventKind): number {
  return kindCodes[kind];
}

/** @throws Error for a code that this version does not know. */
export function kindOf(code: number): EventKind {
  const kind = kindsByCode.get(code);
  if (kind === undefined) throw new Error(`Cannot read an event: kind ${code} is unknown`);
  return kind;
}

/** The events in their order. Authors that are one object are sent once. */
export function packEvents(events: readonly Packable[]): EventColumns {
  const count = events.length;
  const streams = new Dictionary<StreamId>();
  const authors = new Dictionary<Author>();
  const devices = new Dictionary<string>();
  const stream = new Uint32Array(count);
  const at = new Float64Array(count);
  const kind = new Uint8Array(count);
  const from = new Uint32Array(count);
  const id: MessageId[] = [];
  const text: CleanText[] = [];
  let to: Uint32Array | undefined;
  let replyTo: (MessageId | undefined)[] | undefined;
  let threadRoot: (MessageId | undefined)[] | undefined;
  let clientTags: (string | undefined)[] | undefined;
  let device: Uint32Array | undefined;
  let counter: Float64Array | undefined;
  for (const [index, event] of events.entries()) {
    stream[index] = streams.indexOf(event.stream);
    at[index] = event.at;
    kind[index] = kindCodes[event.kind];
    from[index] = authors.indexOf(event.from);
    id.push(event.id);
    text.push(event.text);
    if (event.to !== undefined) (to ??= new Uint32Array(count))[index] = authors.indexOf(event.to) + 1;
    if (event.replyTo !== undefined) (replyTo ??= nothing(count))[index] = event.replyTo;
    if (event.threadRoot !== undefined) (threadRoot ??= nothing(count))[index] = event.threadRoot;
    if (event.clientTags !== undefined) (clientTags ??= nothing(count))[index] = event.clientTags;
    if (event.retry === undefined) continue;
    (device ??= new Uint32Array(count))[index] = devices.indexOf(event.retry.device) + 1;
    (counter ??= new Float64Array(count))[index] = event.retry.counter;
  }
  return {
    streams: streams.values,
    authors: authors.values.flatMap((author) => [author.id, author.name]),
    devices: devices.values,
    stream,
    at,
    kind,
    from,
    to,
    id,
    text,
    replyTo,
    threadRoot,
    clientTags,
    device,
    counter,
  };
}

/** The events that were packed, `numbers[i]` being the number of the i-th. */
export function unpackEvents(columns: EventColumns, numbers: Float64Array): StoredEvent[] {
  const authors = authorsOf(columns);
  return columns.id.map((id, index) => ({
    stream: cell(columns.streams, cell(columns.stream, index)),
    number: cell(numbers, index),
    id,
    at: cell(columns.at, index),
    kind: kindOf(cell(columns.kind, index)),
    from: cell(authors, cell(columns.from, index)),
    to: columns.to?.[index] ? cell(authors, cell(columns.to, index) - 1) : undefined,
    text: cell(columns.text, index),
    replyTo: columns.replyTo?.[index],
    threadRoot: columns.threadRoot?.[index],
    clientTags: columns.clientTags?.[index],
  }));
}

function authorsOf({ authors }: EventColumns): Author[] {
  const found: Author[] = [];
  for (let index = 0; index < authors.length; index += 2) {
    found.push({ id: cell(authors, index) as PersonId, name: cell(authors, index + 1) });
  }
  return found;
}

/** One object per person and name, so that `packEvents` sends each of them once. */
export class AuthorPool {
  readonly #names = new Map<string, Map<string, Author>>();

  get(id: string, name: string): Author {
    let names = this.#names.get(id);
    if (names === undefined) this.#names.set(id, (names = new Map()));
    let author = names.get(name);
    if (author === undefined) names.set(name, (author = { id: id as PersonId, name }));
    return author;
  }
}

/**
 * The entry at an index that is known to be inside.
 *
 * @throws RangeError where it is not: a column is shorter than its batch.
 */
export function cell<T>(list: { readonly [index: number]: T; readonly length: number }, index: number): T {
  if (index >= list.length) throw new RangeError(`Cannot read a batch: ${index} is not below ${list.length}`);
  return list[index] as T;
}

class Dictionary<T> {
  readonly values: T[] = [];
  readonly #indexes = new Map<T, number>();
  #last: T | undefined;
  #lastIndex = 0;

  indexOf(value: T): number {
    // Most events of a batch are of the stream before them.
    if (value === this.#last) return this.#lastIndex;
    let index = this.#indexes.get(value);
    if (index === undefined) {
      index = this.values.push(value) - 1;
      this.#indexes.set(value, index);
    }
    this.#last = value;
    this.#lastIndex = index;
    return index;
  }
}

function nothing(count: number): undefined[] {
  return Array.from({ length: count }, () => undefined);
}
