import { onOneLine, printable, quoted } from "../../chat/text.ts";
import { holdsPassword } from "../../protocols/line/commands.ts";
import { roleSign } from "../state/role-sign.ts";
import { closed, columnsOf, cut, fit } from "./cells.ts";
import { foundRows } from "./found.ts";
import { helpRows } from "./help.ts";
import { inputRows } from "./input-rows.ts";
import type { Layout } from "./layout.ts";
import { roomColumn, titleRow } from "./room-list.ts";
import type { ScreenState } from "./state.ts";
import type { Theme } from "./theme.ts";
import { type View, viewOf } from "./viewport.ts";

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A whole screen: as many rows as it has, none wider than it is, and where the cursor is. */
export interface Frame {
  readonly rows: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

export interface FrameOptions {
  readonly size: Size;
  readonly theme: Theme;
  readonly peopleWidth: number;
  /** 0: the rooms are listed in the title. */
  readonly roomsWidth: number;
  /** What the status line calls the server. */
  readonly where: string;
}

/** How the screen is divided. */
export interface Division {
  /** 0 or 1: what stands above all. */
  readonly titleRows: number;
  /** 0: the rooms are not listed at the side. */
  readonly roomsWidth: number;
  readonly messageColumns: number;
  readonly messageRows: number;
  readonly inputRows: number;
  /** 0: nobody is listed. */
  readonly peopleWidth: number;
}

const maxInputRows = 8;

export function divide(state: ScreenState, { size, peopleWidth, roomsWidth }: FrameOptions): Division {
  const shown = state.showsPeople && state.mode.kind !== "help" ? peopleWidth : 0;
  const maxRows = Math.max(1, Math.min(maxInputRows, Math.floor(size.rows / 3)));
  const prompt = columnsOf(promptOf(state));
  const rows = inputRows(typedIn(state), Math.max(3, size.columns - prompt), maxRows).rows.length;
  const hint = hintOf(state) === "" ? 0 : 1;
  const isHelp = state.mode.kind === "help";
  const rooms = state.places.length > 1 && !isHelp ? roomsWidth : 0;
  // Who knows of no rooms has the whole screen for the lobby.
  const title = (state.places.length > 1 || state.current.topic !== "") && !isHelp ? 1 : 0;
  return {
    titleRows: title,
    roomsWidth: rooms,
    messageColumns: Math.max(10, size.columns - shown - rooms),
    messageRows: Math.max(0, size.rows - 1 - title - rows - hint),
    inputRows: rows,
    peopleWidth: shown,
  };
}

/** Draws everything there is to see. */
export function frameOf(state: ScreenState, layout: Layout, options: FrameOptions): Frame {
  const { size, theme } = options;
  const division = divide(state, options);
  const view = viewOf(state.conversation, layout, { anchor: state.anchor, height: division.messageRows });
  const instead = insteadOf(state, division, theme);
  const messages = instead ?? view.rows;
  const blank = Array.from({ length: Math.max(0, division.messageRows - messages.length) }, () => "");
  // What is new stands at the bottom, as what is typed does; what stands in its place begins at the top.
  const body = instead === undefined ? [...blank, ...messages] : [...messages, ...blank];
  const people = peopleColumn(state, division, theme);
  const { messageRows, roomsWidth, titleRows } = division;
  const rooms = roomsWidth === 0 ? [] : roomColumn(state, { width: roomsWidth, rows: messageRows }, theme);
  const above = body.map((row, index) => (rooms[index] ?? "") + row + (people[index] ?? ""));
  const title = titleRow(state, { columns: size.columns, hasTabs: roomsWidth === 0 }, theme);
  const hint = hintOf(state);
  const prompt = promptOf(state);
  const left = columnsOf(prompt);
  const input = inputRows(typedIn(state), Math.max(3, size.columns - left), division.inputRows);
  const typed = input.rows.map(
    (row, index) => (index === 0 ? theme.paint("title", prompt) : " ".repeat(left)) + row,
  );
  const hints = hint === "" ? [] : [theme.paint(isProblem(state) ? "error" : "dim", cut(hint, size.columns))];
  const rows = [
    ...(titleRows === 0 ? [] : [title]),
    ...above,
    statusRow(state, view, options),
    ...hints,
    ...typed,
  ];
  return {
    rows: rows.slice(0, size.rows),
    cursor: {
      row: Math.min(size.rows - 1, rows.length - typed.length + input.cursor.row),
      column: Math.min(size.columns - 1, left + input.cursor.column),
    },
  };
}

/** What is shown in place of the conversation. */
function insteadOf(
  { mode, me }: ScreenState,
  division: Division,
  theme: Theme,
): readonly string[] | undefined {
  if (mode.kind === "help") return helpOf(mode.from, division);
  if (mode.kind !== "found") return undefined;
  const { messageColumns: columns, messageRows: height } = division;
  return foundRows(mode.found, { chosen: mode.chosen, theme, columns, height, me: me.id });
}

function helpOf(from: number, { messageColumns, messageRows }: Division): readonly string[] {
  const rows = helpRows(messageColumns);
  const first = Math.max(0, Math.min(from, rows.length - messageRows));
  return rows.slice(first, first + messageRows);
}

/**
 * What is being typed at the bottom: a message, a name, or what is searched for. Of a password whoever looks over a
 * shoulder sees how long it is, and no more.
 */
function typedIn({ mode, editor }: ScreenState): ScreenState["editor"] {
  if (mode.kind === "searching") return mode.editor;
  const isSecret = mode.kind === "naming" && mode.account !== undefined;
  const text = isSecret
    ? "•".repeat(editor.text.length)
    : editor.text.split("\n").map(withoutPassword).join("\n");
  return { ...editor, text };
}

function withoutPassword(line: string): string {
  if (!holdsPassword(line)) return line;
  const end = line.search(/\s/);
  // The cursor counts UTF-16 units, so each has a sign of its own.
  return line.slice(0, end) + line.slice(end).replaceAll(/\S/g, "•");
}

function promptOf({ mode, me }: ScreenState): string {
  if (mode.kind === "naming") {
    return mode.account === undefined ? "Your name: " : `Password of ${cut(printable(mode.account), 12)}: `;
  }
  if (mode.kind === "searching") return "Search: ";
  return me.name === "" ? "> " : `${cut(printable(me.name), 12)}> `;
}

function isProblem({ mode }: ScreenState): boolean {
  return (mode.kind === "naming" || mode.kind === "searching") && mode.problem !== "";
}

/** The line between the status and the input; often there is none. */
function hintOf({ mode, completion, reply }: ScreenState): string {
  switch (mode.kind) {
    case "naming":
      return printable(mode.problem);
    case "searching":
      return mode.problem === "" ? "Enter, Ctrl-R: older · Ctrl-S: newer · Escape: back" : mode.problem;
    case "found":
      return "Up, Down: another message · Enter: go to it · Escape: back";
    case "choosing":
      return "Up, Down: another message · Enter: reply to it · Escape: back";
    case "pasting": {
      const lines = mode.text.split("\n").length;
      return `Paste ${lines} lines? y: as they are · j: joined to one · any other key: not`;
    }
    case "help":
      return "";
    case "typing":
      if (completion !== undefined && completion.choices.length > 1) {
        const { choices, chosen } = completion;
        return choices
          .slice(Math.max(0, chosen - 3))
          .map((choice, index) => (index === Math.min(chosen, 3) ? `[${choice.trim()}]` : choice.trim()))
          .join(" ");
      }
      return reply === undefined
        ? ""
        : `↳ reply to ${quoted(`${reply.from.name}: ${onOneLine(reply.text)}`, 200)} · Escape: not`;
  }
}

function statusRow(state: ScreenState, view: View, { size, theme, where }: FrameOptions): string {
  const { conversation, connection, latencyMs, roster } = state;
  const isGood = connection.kind === "connected";
  const latency = latencyMs === undefined || !isGood ? "" : ` ${Math.max(1, Math.round(latencyMs))} ms`;
  const light = `${isGood ? "●" : "○"} ${connection.kind === "lost" ? connection.text : connection.kind}${latency}`;
  const facts = [
    ...(isGood ? [state.isTls ? "TLS" : "no TLS"] : []),
    ...(state.isAway ? ["away"] : []),
    printable(where),
    ...(roster.count > 0 ? [`${roster.count} ${roster.count === 1 ? "person" : "people"}`] : []),
    ...(conversation.waiting > 0 && !isGood ? [`${conversation.waiting} waiting`] : []),
    ...(state.current.loading ? ["loading…"] : []),
  ];
  const unread = state.unread > 0 ? `${state.unread} new, ` : "";
  const help = size.columns >= 40 ? " ? help " : "";
  const right = view.below > 0 ? ` ${unread}${view.below} below, Escape ` : help;
  const room = size.columns - columnsOf(right);
  const shown = cut(` ${printable(light)}`, room);
  const rest = fit(`  ${facts.join(" · ")}`, Math.max(0, room - columnsOf(shown)));
  return theme.paint(isGood ? "good" : "bad", shown) + theme.paint("status", rest + cut(right, size.columns));
}

/** Who is here, each row put at its column whatever the terminal made of what is left of it. */
function peopleColumn(state: ScreenState, division: Division, theme: Theme): readonly string[] {
  const { peopleWidth, messageRows, messageColumns, roomsWidth } = division;
  if (peopleWidth === 0) return [];
  const { names, count } = state.roster;
  const columns = peopleWidth - 3;
  const room = Math.max(0, messageRows - 1);
  const shown = names.length > room || count > names.length ? names.slice(0, Math.max(0, room - 1)) : names;
  const more = count - shown.length;
  const cells = [
    theme.paint("title", cut(`Here (${count})`, columns)),
    ...shown.map((name) => {
      const clean = cut(`${roleSign(state.roster.rolesOf(name))}${printable(name)}`, columns);
      return theme.person(name, closed(clean));
    }),
    ...(more > 0 ? [theme.paint("dim", `and ${more} more`)] : []),
  ];
  const bar = theme.paint("bar", "│");
  return Array.from(
    { length: messageRows },
    (_, index) => `\x1B[${roomsWidth + messageColumns + 1}G\x1B[K ${bar} ${cells[index] ?? ""}`,
  );
}
