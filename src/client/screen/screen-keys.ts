import { holdsPassword } from "../../protocols/line/commands.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { complete } from "../state/completion.ts";
import type { Item } from "../state/conversation.ts";
import { isNews } from "../state/room-news.ts";
import { choose } from "./completion.ts";
import { edit, emptyEditor, entered, insert, withText } from "./editor.ts";
import type { Key } from "./keys.ts";
import type { ScreenPlace } from "./screen-place.ts";
import type { ScreenState } from "./state.ts";

/** What the keys can do besides changing what is typed. */
export interface ScreenActions {
  readonly state: ScreenState;
  submit(text: string): void;
  /** Comes into the room that somebody asked one into last. */
  accept(): void;
  name(text: string): void;
  /** Gives the password of the name; `false`: the one before it has no answer yet. */
  signIn(password: string): boolean;
  leave(): void;
  suspend(): void;
  redraw(): void;
  /** Rows, or the height of the view times `pages`. */
  scroll(by: { readonly rows: number } | { readonly pages: number }): void;
  scrollTo(place: "oldest" | "newest" | "mark"): void;
  /** Goes to the next message that holds what is searched for. */
  search(direction: "older" | "newer"): void;
  /** The serial of the message at the bottom of the view. */
  lastShown(): number | undefined;
  /** Brings an item into view. */
  reveal(serial: number): void;
  /** Goes to a message that was found. */
  show(event: WireEvent): void;
  readonly emoji: Readonly<Record<string, string>>;
  needEmoji(): Promise<void>;
}

const wheelRows = 3;
/** By how many hits a key or the wheel goes on. */
const steps: Readonly<Record<string, number>> = {
  up: -1,
  down: 1,
  "page-up": -5,
  "page-down": 5,
  "ctrl-home": Number.NEGATIVE_INFINITY,
  "ctrl-end": Number.POSITIVE_INFINITY,
};

/** Does what a key is for. */
export function pressKey(actions: ScreenActions, key: Key): void {
  if (actions.state.mode.kind === "found" && browse(actions, key)) return;
  if (key.kind === "wheel") {
    actions.scroll({ rows: key.direction === "up" ? -wheelRows : wheelRows });
    return;
  }
  if (key.kind === "focus" || key.kind === "background") return;
  if (key.kind === "key" && everywhere(actions, key.name)) return;
  switch (actions.state.mode.kind) {
    case "typing":
      typing(actions, key);
      return;
    case "naming":
      naming(actions, key);
      return;
    case "help":
      helping(actions, key);
      return;
    case "pasting":
      pasting(actions, key);
      return;
    case "searching":
      searching(actions, key);
      return;
    case "found":
      back(actions);
      if (key.kind === "text") typing(actions, key);
      return;
    case "choosing":
      choosing(actions, key);
      return;
  }
}

/** Keys among what was found; `false` for one that means nothing there. */
function browse(actions: ScreenActions, key: Key): boolean {
  const { state } = actions;
  if (state.mode.kind !== "found") return false;
  const { found, chosen } = state.mode;
  const by = key.kind === "wheel" ? steps[key.direction] : key.kind === "key" ? steps[key.name] : undefined;
  if (by !== undefined) {
    const next = Math.max(0, Math.min(found.hits.length - 1, chosen + by));
    state.mode = { ...state.mode, chosen: next };
    return true;
  }
  if (key.kind !== "key" || key.name !== "enter") return false;
  const hit = found.hits[chosen];
  back(actions);
  if (hit !== undefined) actions.show(hit.event);
  return true;
}

/** Keys that mean the same whatever else goes on. */
function everywhere(actions: ScreenActions, name: string): boolean {
  switch (name) {
    case "ctrl-c":
      interrupt(actions);
      return true;
    case "ctrl-z":
      actions.suspend();
      return true;
    case "ctrl-l":
      actions.redraw();
      return true;
    case "page-up":
      actions.scroll({ pages: -1 });
      return true;
    case "page-down":
      actions.scroll({ pages: 1 });
      return true;
    case "ctrl-home":
      actions.scrollTo("oldest");
      return true;
    case "ctrl-end":
      actions.scrollTo("newest");
      return true;
    default:
      return actions.state.mode.kind !== "naming" && towards(actions.state, name);
  }
}

/** Alt-1 to Alt-9, Alt-J and Alt-K, Alt-A: to another room. */
function towards(state: ScreenState, name: string): boolean {
  const { places, current } = state;
  const at = places.indexOf(current);
  const [, digit] = /^alt-([1-9])$/.exec(name) ?? [];
  const indices: Readonly<Record<string, number>> = {
    "alt-j": (at + 1) % places.length,
    "alt-k": (at + places.length - 1) % places.length,
    "alt-a": nextNew(places, at),
  };
  const index = digit === undefined ? indices[name] : Number(digit) - 1;
  if (index === undefined) return false;
  const place = places[index];
  if (place !== undefined) state.lookAt(place);
  return true;
}

/** The next room in which one was mentioned, or else the next with something new. */
function nextNew(places: readonly ScreenPlace[], at: number): number {
  const order = places.map((_, index) => (at + index) % places.length);
  const mentioned = order.find((index) => (places[index]?.mentions ?? 0) > 0);
  return mentioned ?? order.find((index) => (places[index]?.unread ?? 0) > 0) ?? at;
}

/** Ctrl-C: out of what goes on, then the input is cleared, then it is the end. */
function interrupt(actions: ScreenActions): void {
  const { state } = actions;
  if (state.mode.kind !== "typing" && state.mode.kind !== "naming") back(actions);
  else if (state.editor.text === "" || state.connection.kind === "leaving") actions.leave();
  else state.editor = withText(state.editor, "");
}

/** Escape: one step back to typing at the newest. */
function back(actions: ScreenActions): void {
  const { state } = actions;
  if (state.mode.kind !== "typing") {
    state.mode = { kind: "typing" };
    state.needle = "";
  } else if (state.completion !== undefined) state.completion = undefined;
  else if (state.reply !== undefined) state.reply = undefined;
  else if (state.anchor !== undefined) actions.scrollTo("newest");
  else state.conversation.markAbove = undefined;
}

function typing(actions: ScreenActions, key: Key): void {
  const { state } = actions;
  if (key.kind === "key" && (key.name === "tab" || key.name === "shift-tab")) {
    completing(actions, key.name === "tab" ? 1 : -1);
    return;
  }
  if (key.kind === "key" && key.name === "escape") {
    back(actions);
    return;
  }
  state.completion = undefined;
  if (key.kind === "paste" && key.text.trim().includes("\n")) {
    state.mode = { kind: "pasting", text: key.text.replace(/\n+$/, "") };
    return;
  }
  if (key.kind === "text" && key.text === "?" && state.editor.text === "") {
    state.mode = { kind: "help", from: 0 };
    return;
  }
  if (key.kind === "key" && command(actions, key.name)) return;
  // So that they are there when the name is complete.
  if (key.kind === "text" && key.text.includes(":")) void actions.needEmoji();
  state.editor = edit(state.editor, key) ?? state.editor;
}

function command(actions: ScreenActions, name: string): boolean {
  const { state } = actions;
  switch (name) {
    case "enter": {
      const { text } = state.editor;
      state.editor = entered(state.editor, { forgets: text.split("\n").some(holdsPassword) });
      if (text.trim() !== "") actions.submit(text);
      return true;
    }
    case "ctrl-d":
      if (state.editor.text !== "") return false;
      actions.leave();
      return true;
    case "f1":
      state.mode = { kind: "help", from: 0 };
      return true;
    case "ctrl-r":
      state.mode = {
        kind: "searching",
        editor: { ...emptyEditor, text: state.needle, cursor: state.needle.length },
        problem: "",
      };
      return true;
    case "alt-up":
      step(actions, -1);
      return true;
    case "alt-e":
      editRefused(state);
      return true;
    case "alt-n":
      actions.scrollTo("mark");
      return true;
    case "alt-i":
      actions.accept();
      return true;
    case "alt-p":
      state.showsPeople = !state.showsPeople;
      return true;
    default:
      return false;
  }
}

function completing(actions: ScreenActions, by: 1 | -1): void {
  const { state } = actions;
  const names = speakers(state);
  const start = (): void => {
    const rooms = [...state.places.map(({ name }) => name), ...state.knownRooms];
    state.completion ??= complete(state.editor, { names, rooms, emoji: actions.emoji });
    if (state.completion === undefined) return;
    [state.editor, state.completion] = choose(state.editor, state.completion, by);
  };
  const wantsEmoji = /(?:^|\s):[\w+-]+:?$/.test(state.editor.text.slice(0, state.editor.cursor));
  if (!wantsEmoji || Object.keys(actions.emoji).length > 0) start();
  else void actions.needEmoji().then(start);
}

/** Those who spoke last, then all who are here. */
function speakers({ conversation, roster, me }: ScreenState): readonly string[] {
  const names = new Set<string>();
  for (const item of conversation.items.slice(-200).reverse()) {
    if (item.kind === "message" && item.event.from.id !== me.id) names.add(item.event.from.name);
  }
  const here = new Set(roster.names);
  const known = [...names].filter((name) => here.has(name));
  return [...new Set([...known, ...here, ...names])].filter((name) => name !== me.name);
}

function editRefused(state: ScreenState): void {
  const event = state.conversation.takeRefused();
  if (event === undefined) return;
  const to = event.to === undefined ? "" : `/pm ${event.to.name} `;
  const action = event.kind === "action" ? "/me " : "";
  const isCommand = to === "" && action === "" && event.text.startsWith("/") && !event.text.includes("\n");
  const slash = isCommand ? "/" : "";
  state.editor = withText(state.editor, `${to}${action}${slash}${event.text}`);
  state.reply = event.replyTo === undefined ? undefined : state.conversation.find(event.replyTo);
}

function naming(actions: ScreenActions, key: Key): void {
  const { state } = actions;
  if (key.kind === "key" && key.name === "enter") {
    const { text } = state.editor;
    const isPassword = state.mode.kind === "naming" && state.mode.account !== undefined;
    if (isPassword && text !== "" && !actions.signIn(text)) return;
    state.editor = emptyEditor;
    if (!isPassword) actions.name(text);
    else if (text === "") state.mode = { kind: "naming", problem: "" };
    return;
  }
  if (key.kind === "key" && key.name === "ctrl-d" && state.editor.text === "") {
    actions.leave();
    return;
  }
  if (key.kind === "paste") state.editor = insert(state.editor, key.text.split("\n")[0] ?? "");
  else if (key.kind !== "key" || !/enter|ctrl-j/.test(key.name))
    state.editor = edit(state.editor, key) ?? state.editor;
}

function helping({ state }: ScreenActions, key: Key): void {
  const from = state.mode.kind === "help" ? state.mode.from : 0;
  if (key.kind === "key" && key.name === "down") state.mode = { kind: "help", from: from + 1 };
  else if (key.kind === "key" && key.name === "up")
    state.mode = { kind: "help", from: Math.max(0, from - 1) };
  else state.mode = { kind: "typing" };
}

function pasting({ state }: ScreenActions, key: Key): void {
  const text = state.mode.kind === "pasting" ? state.mode.text : "";
  state.mode = { kind: "typing" };
  if (key.kind !== "text") return;
  if (key.text === "y") state.editor = insert(state.editor, text);
  else if (key.text === "j") state.editor = insert(state.editor, text.split(/\s*\n\s*/).join(" "));
}

function searching(actions: ScreenActions, key: Key): void {
  const { state } = actions;
  if (state.mode.kind !== "searching") return;
  if (key.kind === "key" && key.name === "escape") {
    back(actions);
    return;
  }
  if (key.kind === "key" && ["enter", "ctrl-r", "up", "ctrl-s", "down"].includes(key.name)) {
    state.needle = state.mode.editor.text.toLowerCase();
    if (state.needle !== "") actions.search(key.name === "ctrl-s" || key.name === "down" ? "newer" : "older");
    return;
  }
  const text = key.kind === "paste" ? { ...key, text: key.text.replaceAll("\n", " ") } : key;
  const editor = edit(state.mode.editor, text);
  if (editor !== undefined) state.mode = { kind: "searching", editor, problem: "" };
}

function choosing(actions: ScreenActions, key: Key): void {
  const { state } = actions;
  if (state.mode.kind !== "choosing") return;
  if (key.kind === "key" && /^(?:alt-)?(?:up|down)$/.test(key.name)) {
    step(actions, key.name.endsWith("up") ? -1 : 1);
    return;
  }
  if (key.kind === "key" && key.name === "enter") {
    const item = state.conversation.items[state.conversation.indexOf(state.mode.serial)];
    if (item !== undefined && canBeAnswered(item)) state.reply = item.event;
    state.mode = { kind: "typing" };
    actions.scrollTo("newest");
    return;
  }
  back(actions);
  if (key.kind === "text") typing(actions, key);
}

/** To the next message up or down that can be answered. */
function step(actions: ScreenActions, by: 1 | -1): void {
  const { state } = actions;
  const { items } = state.conversation;
  const from =
    state.mode.kind === "choosing"
      ? state.conversation.indexOf(state.mode.serial) + by
      : state.conversation.indexOf(actions.lastShown() ?? 0);
  for (let at = from; at >= 0 && at < items.length; at += by) {
    const item = items[at];
    if (item === undefined || !canBeAnswered(item)) continue;
    state.mode = { kind: "choosing", serial: item.serial };
    actions.reveal(item.serial);
    return;
  }
}

/** A message of the room that is stored. */
function canBeAnswered(item: Item): item is Item & { kind: "message" } {
  if (item.kind !== "message") return false;
  const { event } = item;
  return event.id !== "" && event.to === undefined && event.kind !== "removed" && !isNews(event);
}
