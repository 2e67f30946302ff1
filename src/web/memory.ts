import type { Send } from "../client/outbox.ts";

/** How light and dark are chosen. */
export type Theme = "auto" | "light" | "dark";

/** How far one had read in a stream. */
interface Seen {
  readonly epoch: string;
  readonly heads: Readonly<Record<string, number>>;
}

/** The part of the browser's storages that is used here. */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const prefix = "roomful.";

/** What the page remembers: of the person in all tabs, and of this tab alone what it has not sent yet. */
export class Memory {
  readonly #shared: Store;
  readonly #own: Store;

  /** `shared`: `localStorage`; `own`: `sessionStorage`. Where one of them cannot be written, nothing is remembered. */
  constructor(shared: Store, own: Store) {
    this.#shared = shared;
    this.#own = own;
  }

  get name(): string {
    return this.#read("name", isText) ?? "";
  }

  set name(name: string) {
    this.#write("name", name);
  }

  token(name: string): string | undefined {
    return this.#read(`token.${name.toLowerCase()}`, isText);
  }

  setToken(name: string, token: string | undefined): void {
    this.#write(`token.${name.toLowerCase()}`, token);
  }

  /** Whether one came in and has not left: the page comes in by itself then, in every tab. */
  get isIn(): boolean {
    return this.#read("in", isText) !== undefined;
  }

  set isIn(isIn: boolean) {
    this.#write("in", isIn ? "yes" : undefined);
  }

  get theme(): Theme {
    return this.#read("theme", isTheme) ?? "auto";
  }

  set theme(theme: Theme) {
    this.#write("theme", theme);
  }

  get notifies(): boolean {
    return this.#read("notifies", isText) === "yes";
  }

  set notifies(notifies: boolean) {
    this.#write("notifies", notifies ? "yes" : undefined);
  }

  draft(key: string): string {
    return this.#read(`draft.${key}`, isText) ?? "";
  }

  setDraft(key: string, text: string): void {
    this.#write(`draft.${key}`, text === "" ? undefined : text);
  }

  seen(): Seen | undefined {
    return this.#read("seen", isSeen);
  }

  setSeen(seen: Seen): void {
    this.#write("seen", seen);
  }

  unsent(): readonly Send[] {
    return this.#read("unsent", isSends, this.#own) ?? [];
  }

  setUnsent(sends: readonly Send[]): void {
    this.#write("unsent", sends.length === 0 ? undefined : sends, this.#own);
  }

  #read<T>(key: string, is: (value: unknown) => value is T, store = this.#shared): T | undefined {
    try {
      const value: unknown = JSON.parse(store.getItem(prefix + key) ?? "null");
      return is(value) ? value : undefined;
    } catch {
      return undefined;
    }
  }

  #write(key: string, value: unknown, store = this.#shared): void {
    try {
      if (value === undefined) store.removeItem(prefix + key);
      else store.setItem(prefix + key, JSON.stringify(value));
    } catch {
      // It is full, or this browser keeps nothing for pages: the page works without.
    }
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTheme(value: unknown): value is Theme {
  return value === "auto" || value === "light" || value === "dark";
}

function isSeen(value: unknown): value is Seen {
  return (
    typeof value === "object" &&
    value !== null &&
    "epoch" in value &&
    isText(value.epoch) &&
    "heads" in value &&
    typeof value.heads === "object" &&
    value.heads !== null &&
    Object.values(value.heads).every((head) => typeof head === "number")
  );
}

/** As this page itself wrote them. */
function isSends(value: unknown): value is readonly Send[] {
  const isSend = (one: unknown): boolean =>
    typeof one === "object" &&
    one !== null &&
    "counter" in one &&
    Number.isInteger(one.counter) &&
    "to" in one &&
    isText(one.to) &&
    "text" in one &&
    isText(one.text);
  return Array.isArray(value) && value.every(isSend);
}
