import { onOneLine, printable, quoted } from "../../chat/text.ts";
import { isFormatted, linesOf, plain, type Span } from "../../protocols/irc/formatting.ts";
import { roomNews } from "../../protocols/line/render.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { atOf, type Item, type OwnState } from "../state/conversation.ts";
import { mentions } from "../state/mention.ts";
import { isNews } from "../state/room-news.ts";
import { closed, columnsOf, cut, fit, isRightToLeft } from "./cells.ts";
import type { Role, Theme } from "./theme.ts";
import { clockOf, dayOf } from "./times.ts";
import { wrap, wrapSpans } from "./wrap.ts";

export interface LayoutOptions {
  /** 10 or more. */
  readonly width: number;
  readonly nameWidth: number;
  readonly theme: Theme;
  /** One's own name and id. */
  readonly me: { readonly id: string; readonly name: string };
  /** Whether what waits can go out. */
  readonly live: boolean;
  /** What is searched for, in small letters. */
  readonly needle: string;
  readonly markAbove: number | undefined;
  readonly chosen: number | undefined;
  readonly find: (id: string) => WireEvent | undefined;
}

/** Below it, names stand above what was said instead of beside it. */
const narrow = 50;
/** What one person says within it is one group. */
const groupMs = 5 * 60_000;
const stateGlyphs: Readonly<Record<OwnState["kind"], string>> = { waiting: "⋯", sent: "✓", refused: "✗" };

interface Cached {
  readonly key: string;
  readonly rows: readonly string[];
}

/** Lays items out as rows of at most `width` columns, and remembers what each became. */
export class Layout {
  #options: LayoutOptions;
  #generation = 0;
  readonly #cache = new WeakMap<Item, Cached>();

  constructor(options: LayoutOptions) {
    this.#options = options;
  }

  /** Does nothing where the options are as they were. */
  adopt(options: LayoutOptions): void {
    const before = this.#options;
    const same = ["width", "nameWidth", "theme", "live", "needle"] as const;
    if (before.me.id !== options.me.id || same.some((name) => before[name] !== options[name]))
      this.#generation += 1;
    this.#options = options;
  }

  /** The rows of an item, which depend on the one before it: at least one. */
  rows(item: Item, previous: Item | undefined): readonly string[] {
    const { markAbove, chosen } = this.#options;
    const marked = markAbove === item.serial ? "m" : "";
    const isChosen = chosen === item.serial ? "c" : "";
    const key = `${this.#generation} ${previous?.serial ?? ""} ${marked}${isChosen}`;
    const cached = this.#cache.get(item);
    if (cached?.key === key) return cached.rows;
    const rows = [...this.#above(item, previous), ...this.#rows(item, marked === "" ? previous : undefined)];
    this.#cache.set(item, { key, rows });
    return rows;
  }

  /** The lines that part days, and what was read from what was not. */
  #above(item: Item, previous: Item | undefined): readonly string[] {
    const { theme, markAbove } = this.#options;
    const rows: string[] = [];
    const day = dayOf(atOf(item));
    if (previous === undefined || dayOf(atOf(previous)) !== day)
      rows.push(theme.paint("dim", this.#rule(day)));
    if (markAbove === item.serial) rows.push(theme.paint("mark", this.#rule("new")));
    return rows;
  }

  #rule(title: string): string {
    const { width } = this.#options;
    const shown = cut(title, width - 6);
    const left = Math.max(1, Math.floor((width - columnsOf(shown) - 2) / 2));
    const right = Math.max(1, width - columnsOf(shown) - 2 - left);
    return `${"─".repeat(left)} ${shown} ${"─".repeat(right)}`;
  }

  #rows(item: Item, previous: Item | undefined): readonly string[] {
    switch (item.kind) {
      case "message":
        if (isNews(item.event))
          return this.#beside(item.event.at, { role: "notice", text: roomNews(item.event), glyph: "*" });
        return this.#message(item, previous);
      case "presence":
        return this.#beside(item.at, { role: "notice", text: presenceText(item), glyph: "–" });
      case "note":
        return this.#beside(item.at, { role: item.tone, text: item.text, glyph: "*" });
    }
  }

  #beside(at: number, note: { role: "notice" | "error"; text: string; glyph: string }): readonly string[] {
    const { theme, nameWidth, width } = this.#options;
    const isNarrow = width < narrow;
    const lines = spansWrapped(note.text, Math.max(2, this.#textWidth));
    return lines.map((line, index) => {
      const text = this.#painted(line, note.role);
      if (isNarrow) return `${theme.paint("dim", index === 0 ? note.glyph : " ")} ${text}`;
      const time = theme.paint("dim", index === 0 ? clockOf(at) : "     ");
      const name = theme.paint("dim", fit(index === 0 ? note.glyph : "", nameWidth, "right"));
      return `${time} ${name} ${theme.paint("bar", " │")} ${text}`;
    });
  }

  /** `14:29         Name ✓│ text`, or, on a narrow screen, `  text` below the name. */
  get #textWidth(): number {
    const { width, nameWidth } = this.#options;
    return width < narrow ? width - 2 : width - nameWidth - 10;
  }

  #message(item: Item & { kind: "message" }, previous: Item | undefined): readonly string[] {
    const { theme, width, me, chosen } = this.#options;
    const { event, own } = item;
    const continues = isContinued(event, previous);
    const name = printable(event.kind === "action" ? "*" : event.from.name);
    const shownName = event.kind === "announcement" ? "SYSTEM" : name;
    const paintName = (text: string): string => {
      if (event.kind === "announcement") return theme.paint("mention", text);
      return theme.person(event.from.name, text);
    };
    const isMention = own === undefined && event.from.id !== me.id && mentions(event.text, me.name);
    const lines = this.#lines(item).map((line) => this.#paintLine(line, { item, isMention }));
    const mark = own === undefined ? " " : stateGlyphs[own.kind];
    const stateRole = own?.kind === "refused" ? "error" : "dim";
    const bar = isMention ? theme.paint("mention", "┃") : theme.paint("bar", "│");
    const pointer = chosen === item.serial ? theme.paint("chosen", "▶") : undefined;
    if (width < narrow) {
      const head = `${paintName(cut(shownName, width - 10))} ${theme.paint("dim", clockOf(event.at))}`;
      const rows = lines.map((line, index) => {
        const first = pointer ?? (index === 0 && own !== undefined ? theme.paint(stateRole, mark) : " ");
        return `${first} ${line}`;
      });
      return continues ? rows : [head, ...rows];
    }
    const { nameWidth } = this.#options;
    const minute = clockOf(event.at);
    const sameMinute = continues && previous !== undefined && clockOf(atOf(previous)) === minute;
    return lines.map((line, index) => {
      const time = theme.paint("dim", index > 0 || sameMinute ? "     " : minute);
      const label =
        index > 0 || continues ? " ".repeat(nameWidth) : paintName(fit(shownName, nameWidth, "right"));
      const state = pointer ?? (index === 0 ? theme.paint(stateRole, mark) : " ");
      return `${time} ${label} ${state}${bar} ${line}`;
    });
  }

  #lines({ event, own }: Item & { kind: "message" }): readonly Line[] {
    const { live } = this.#options;
    const columns = Math.max(2, this.#textWidth);
    const lines: Line[] = [];
    if (event.kind === "removed") return [{ kind: "state", spans: unformatted("message removed") }];
    if (event.replyTo !== undefined) {
      const original = this.#options.find(event.replyTo);
      const text =
        original === undefined ? "an earlier message" : `${original.from.name}: ${onOneLine(original.text)}`;
      lines.push({ kind: "reply", spans: unformatted(cut(`↳ ${quoted(text, 200)}`, columns)) });
    }
    const action = event.kind === "action" ? `${event.from.name} ` : "";
    const said = `${privatePrefix(event, own)}${action}${event.text}`;
    for (const spans of spansWrapped(said, columns)) lines.push({ kind: "text", spans });
    if (own?.kind === "waiting" && !live)
      lines.push({ kind: "state", spans: unformatted(cut("waiting to be sent", columns)) });
    if (own?.kind === "refused") {
      const why = `not sent: ${own.why}. Alt-E edits it`;
      for (const spans of spansWrapped(why, columns)) lines.push({ kind: "refusal", spans });
    }
    return lines;
  }

  #paintLine(
    line: Line,
    { item, isMention }: { item: Item & { kind: "message" }; isMention: boolean },
  ): string {
    const { needle } = this.#options;
    const { spans } = line;
    switch (line.kind) {
      case "reply":
      case "state":
        return this.#painted(spans, "dim");
      case "refusal":
        return this.#painted(spans, "error");
      case "text": {
        if (needle !== "" && textOf(spans).toLowerCase().includes(needle)) return this.#found(spans);
        if (item.own?.kind === "waiting") return this.#painted(spans, "dim");
        if (item.event.to !== undefined) return this.#painted(spans, "private");
        return this.#painted(spans, isMention || item.event.kind === "announcement" ? "mention" : undefined);
      }
    }
  }

  /** A row of pieces; what is written from right to left does not carry along what follows the row. */
  #painted(spans: readonly Span[], role: Role | undefined): string {
    const last = spans.length - 1;
    const ends = isRightToLeft(textOf(spans)) ? "\u200E" : "";
    return spans.map((span, index) => this.#piece(span, index === last ? ends : "", role)).join("");
  }

  #piece({ text, style }: Span, end: string, role: Role | undefined): string {
    const { theme } = this.#options;
    if (style !== plain) return theme.formatted(style, text + end, role);
    return role === undefined ? text + end : theme.paint(role, text + end);
  }

  #found(spans: readonly Span[]): string {
    const { theme, needle } = this.#options;
    const text = textOf(spans);
    const small = text.toLowerCase();
    // Small letters may be more or fewer; then the whole line is shown as found.
    if (small.length !== text.length) return theme.paint("found", closed(text));
    let shown = "";
    let from = 0;
    for (let at = small.indexOf(needle); at !== -1; at = small.indexOf(needle, from)) {
      shown += this.#painted(sliced(spans, from, at), undefined);
      from = at + needle.length;
      shown += theme.paint("found", text.slice(at, from));
    }
    return (
      shown +
      this.#painted(sliced(spans, from, text.length), undefined) +
      (isRightToLeft(text) ? "\u200E" : "")
    );
  }
}

interface Line {
  readonly kind: "reply" | "text" | "state" | "refusal";
  readonly spans: readonly Span[];
}

/** A text in rows. Of several lines the empty ones at both ends are left out, and of several between others all but one. */
function spansWrapped(text: string, columns: number): readonly (readonly Span[])[] {
  if (!isFormatted(text) && !text.includes("\n")) return wrap(printable(text), columns).map(unformatted);
  const lines = linesOf(text);
  const isBlank = lines.map((line) => line.every((span) => span.text.trim() === ""));
  const first = isBlank.indexOf(false);
  if (first === -1) return [unformatted("")];
  const end = isBlank.lastIndexOf(false);
  return lines
    .filter((_, index) => index >= first && index <= end && !(isBlank[index] && isBlank[index - 1]))
    .flatMap((line) => wrapSpans(line, columns));
}

function unformatted(text: string): readonly Span[] {
  return [{ text, style: plain }];
}

function textOf(spans: readonly Span[]): string {
  const [first, second] = spans;
  return second === undefined ? (first?.text ?? "") : spans.map(({ text }) => text).join("");
}

/** What stands from one place to another of the whole text. */
function sliced(spans: readonly Span[], from: number, to: number): readonly Span[] {
  let start = 0;
  return spans.flatMap(({ text, style }) => {
    const part = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    start += text.length;
    return part === "" ? [] : [{ text: part, style }];
  });
}

function privatePrefix(event: WireEvent, own: OwnState | undefined): string {
  if (event.to === undefined) return "";
  return own === undefined ? "(to you) " : `(to ${event.to.name}) `;
}

function isContinued(event: WireEvent, previous: Item | undefined): boolean {
  if (previous?.kind !== "message") return false;
  const { event: before } = previous;
  if (event.kind !== "text" || before.kind !== "text" || event.from.id !== before.from.id) return false;
  if (event.stream !== before.stream || dayOf(event.at) !== dayOf(before.at)) return false;
  return event.from.name === before.from.name && event.at - before.at < groupMs;
}

function presenceText({ joined, left, more }: Item & { kind: "presence" }): string {
  const came = joined.length === 0 ? [] : [`${joined.join(", ")} joined`];
  const went = left.length === 0 ? [] : [`${left.join(", ")} left`];
  const others = more > 0 ? [`and ${more} more came or went`] : [];
  return printable([...came, ...went, ...others].join(" · "));
}
