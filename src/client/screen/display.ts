import type { ReadStream, WriteStream } from "node:tty";
import { onOneLine, quoted } from "../../chat/text.ts";
import { withoutFormatting } from "../../protocols/irc/formatting.ts";
import type { Background, Colours } from "../sgr.ts";
import type { Alert } from "../state/incoming.ts";
import { divide, type FrameOptions, frameOf } from "./frame.ts";
import type { Key } from "./keys.ts";
import { Layout, type LayoutOptions } from "./layout.ts";
import type { ScreenSettings } from "./settings.ts";
import type { ScreenState } from "./state.ts";
import { ScreenTerminal } from "./terminal.ts";
import { makeTheme, type Theme } from "./theme.ts";
import { scrolled, viewOf } from "./viewport.ts";

export interface DisplayOptions {
  readonly input: ReadStream;
  readonly output: WriteStream;
  readonly settings: ScreenSettings;
  readonly colours: Colours;
  readonly where: string;
  readonly onKey: (key: Key) => void;
  readonly onLost: () => void;
}

/** So far apart are two frames at least of what arrives; what is typed is drawn at once. */
const frameMs = 50;

/** Draws the state on the terminal when it changes, and knows what of it is on the screen. */
export class Display {
  readonly terminal: ScreenTerminal;
  readonly #state: ScreenState;
  readonly #options: DisplayOptions;
  readonly #layout: Layout;
  #theme: Theme;
  #timer: NodeJS.Timeout | undefined;
  #drawnAt = 0;
  /** The item that the search found last. */
  found: number | undefined;

  constructor(state: ScreenState, options: DisplayOptions) {
    this.#state = state;
    this.#options = options;
    const { settings, input, output, onKey, onLost } = options;
    this.#theme = this.#themeFor(settings.background === "light" ? "light" : "dark");
    this.terminal = new ScreenTerminal(
      { input, output, mouse: settings.mouse },
      {
        key: (key) => {
          if (key.kind === "background") this.#background(key);
          else onKey(key);
        },
        keysEnd: () => this.now(),
        resized: () => this.now(),
        lost: onLost,
      },
    );
    this.#layout = new Layout(this.#layoutOptions(settings.nameWidth));
  }

  open(): void {
    this.terminal.open();
    this.now();
  }

  /** Puts the terminal back, with some words left on it. */
  close(words: string): void {
    clearTimeout(this.#timer);
    this.terminal.close();
    if (words !== "") this.#options.output.write(words);
  }

  /** Draws within a moment, together with what else comes in it; after a quiet time in the next turn of the loop. */
  soon(): void {
    this.#timer ??= setTimeout(() => this.now(), Math.max(0, this.#drawnAt + frameMs - performance.now()));
  }

  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#drawnAt = performance.now();
    const { places, mentions } = this.#state;
    for (const { conversation, anchor, loading } of places)
      conversation.trim(anchor !== undefined || loading);
    this.#prepare();
    this.terminal.draw(frameOf(this.#state, this.#layout, this.#frameOptions));
    this.terminal.title(`${mentions > 0 ? `(${mentions}) ` : ""}Roomful ${this.#options.where}`);
  }

  /** Draws attention to something said, where one looks elsewhere. */
  alert(alert: Alert): void {
    if (alert === undefined || this.#state.here === true) return;
    const { notifications, bell } = this.#options.settings;
    if (notifications) this.terminal.notify(`${alert.from}: ${quoted(onOneLine(alert.text), 200)}`);
    if (bell) this.terminal.bell();
  }

  get height(): number {
    return divide(this.#state, this.#frameOptions).messageRows;
  }

  /** How many items are above the view. */
  get above(): number {
    const { top } = this.#view();
    return top === undefined ? 0 : this.#state.conversation.indexOf(top);
  }

  get bottom(): number | undefined {
    return this.#view().bottom;
  }

  scroll(by: number): void {
    this.#prepare();
    const { conversation, anchor } = this.#state;
    const rows = Math.max(by, -1_000_000);
    this.#state.anchor = scrolled(conversation, this.#layout, { anchor, height: this.height, by: rows });
  }

  /** Puts an item into the view, where it is not: in its middle. */
  reveal(serial: number): void {
    const { conversation } = this.#state;
    const { top, bottom } = this.#view();
    if (top !== undefined && bottom !== undefined && serial > top && serial < bottom) return;
    const height = this.height;
    const anchor = { serial, row: 0 };
    const by = Math.max(1, Math.floor(height / 2));
    this.#state.anchor = scrolled(conversation, this.#layout, { anchor, height, by });
  }

  /** Where to go on searching. */
  foundFrom(direction: "older" | "newer"): number {
    const { top, bottom } = this.#view();
    const { found } = this;
    if (found !== undefined && top !== undefined && bottom !== undefined && found >= top && found <= bottom)
      return found;
    return direction === "older" ? (bottom ?? 0) + 1 : (top ?? 0) - 1;
  }

  /** The next item from there that holds what is searched for. */
  find(direction: "older" | "newer", from: number): number | undefined {
    const { conversation, needle } = this.#state;
    const { items } = conversation;
    const by = direction === "older" ? -1 : 1;
    const start = conversation.indexOf(from);
    const first = direction === "newer" && items[start]?.serial !== from ? start : start + by;
    for (let at = first; at >= 0 && at < items.length; at += by) {
      const item = items[at];
      if (item?.kind !== "message") continue;
      const { event } = item;
      const words = `${event.from.name} ${withoutFormatting(event.text)}`;
      if (words.toLowerCase().includes(needle)) return item.serial;
    }
    return undefined;
  }

  #view(): ReturnType<typeof viewOf> {
    this.#prepare();
    const { conversation, anchor } = this.#state;
    return viewOf(conversation, this.#layout, { anchor, height: this.height });
  }

  #prepare(): void {
    const { messageColumns } = divide(this.#state, this.#frameOptions);
    this.#layout.adopt(this.#layoutOptions(this.#options.settings.nameWidth, messageColumns));
  }

  #layoutOptions(nameWidth: number, width = 80): LayoutOptions {
    const { me, connection, needle, mode, conversation } = this.#state;
    return {
      width,
      nameWidth,
      theme: this.#theme,
      me,
      live: connection.kind === "connected",
      needle,
      markAbove: conversation.markAbove,
      chosen: mode.kind === "choosing" ? mode.serial : undefined,
      find: (id) => conversation.find(id),
    };
  }

  get #frameOptions(): FrameOptions {
    const { size } = this.terminal;
    const { settings, where } = this.#options;
    const peopleWidth = size.columns >= settings.peopleFrom ? settings.peopleWidth : 0;
    const roomsWidth = size.columns >= settings.roomsFrom ? settings.roomsWidth : 0;
    return { size, theme: this.#theme, where, peopleWidth, roomsWidth };
  }

  #background({ red, green, blue }: Extract<Key, { kind: "background" }>): void {
    if (this.#options.settings.background !== "auto") return;
    const isLight = 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.5;
    this.#theme = this.#themeFor(isLight ? "light" : "dark");
  }

  #themeFor(background: Background): Theme {
    const { colours, settings } = this.#options;
    return makeTheme({ colours, background, own: settings.theme });
  }
}
