import type { IBufferCell, Terminal } from "@xterm/headless";

/** A window of the picture: a terminal as it is now, without its first `skipped` rows. */
export interface Window {
  readonly title: string;
  readonly terminal: Terminal;
  readonly skipped?: number;
  readonly hasCursor?: boolean;
}

const cell = { width: 8.4, height: 19, fontSize: 14 } as const;
/** Below the top of a row. */
const baseline = 14;
const bar = 30;
const margin = 12;
const gap = 16;
const ground = "#16181d";
const plain = "#dfe3ea";
const fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Draws windows below each other as an SVG. Each piece of text has its place, whatever the fonts of the reader are. */
export function pictureOf(windows: readonly Window[]): string {
  const width = 2 * margin + cell.width * Math.max(...windows.map(({ terminal }) => terminal.cols));
  let height = 0;
  const drawn = windows.map((window) => {
    const top = height === 0 ? 0 : height + gap;
    const markup = windowAt(window, { top, width });
    height = top + heightOf(window);
    return markup;
  });
  const size = `viewBox="-1 -1 ${fixed(width + 2)} ${fixed(height + 2)}" width="${fixed(width + 2)}"`;
  const text = `font-family="${fonts}" font-size="${cell.fontSize}" fill="${plain}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${text}>\n${drawn.join("\n")}\n</svg>\n`;
}

function heightOf({ terminal, skipped = 0 }: Window): number {
  return bar + (terminal.rows - skipped) * cell.height + margin;
}

function windowAt(window: Window, { top, width }: { readonly top: number; readonly width: number }): string {
  const { terminal, title, skipped = 0, hasCursor = false } = window;
  const { active } = terminal.buffer;
  const height = fixed(heightOf(window));
  const dots = ["#ff5f57", "#febc2e", "#28c840"].map(
    (colour, index) => `<circle cx="${16 + index * 18}" cy="${bar / 2}" r="5.5" fill="${colour}"/>`,
  );
  const rows: string[] = [];
  for (let row = skipped; row < terminal.rows; row += 1) {
    const isCursorHere = hasCursor && active.cursorY === row;
    const cells = cellsOf(terminal, row, isCursorHere ? active.cursorX : undefined);
    const place = { x: margin, y: bar + (row - skipped) * cell.height };
    rows.push(...backgrounds(cells, place), ...texts(cells, place));
  }
  return [
    `<g transform="translate(0 ${fixed(top)})">`,
    `<rect width="${fixed(width)}" height="${height}" rx="9" fill="${ground}" stroke="#3a3f4a"/>`,
    ...dots,
    `<text x="${fixed(width / 2)}" y="${bar / 2 + 5}" text-anchor="middle" font-size="13" fill="#8b93a5">${escaped(title)}</text>`,
    ...rows,
    "</g>",
  ].join("\n");
}

interface Style {
  readonly colour: string;
  /** `undefined`: that of the window. */
  readonly background: string | undefined;
  readonly isBold: boolean;
  readonly isItalic: boolean;
}

interface Cell extends Style {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
}

function cellsOf(terminal: Terminal, row: number, cursor: number | undefined): readonly Cell[] {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + row);
  return Array.from({ length: terminal.cols }, (_, column) => ({
    column,
    shown: line?.getCell(column),
  })).flatMap(({ column, shown }) => {
    // The second half of a wide character has no width of its own.
    if (shown === undefined || shown.getWidth() === 0) return [];
    const text = shown.getChars() === "" ? " " : shown.getChars();
    return [{ text, column, columns: shown.getWidth(), ...styleOf(shown, cursor === column) }];
  });
}

function styleOf(shown: IBufferCell, isCursor: boolean): Style {
  const colour = shown.isFgDefault() ? plain : colourOf(shown.getFgColor(), shown.isFgRGB());
  const background = shown.isBgDefault() ? undefined : colourOf(shown.getBgColor(), shown.isBgRGB());
  const isInverse = (shown.isInverse() !== 0) !== isCursor;
  return {
    colour: isInverse ? (background ?? ground) : colour,
    background: isInverse ? colour : background,
    isBold: shown.isBold() !== 0,
    isItalic: shown.isItalic() !== 0,
  };
}

const first16 = [
  "#2e3436 #ef5b5b #8fd06d #e5c558 #6ca9f0 #c491e0 #5fc9c9 #d3d7cf",
  "#6b7280 #ff8080 #a9e88a #fbe27d #93c4ff #dcb1f2 #8de6e6 #f5f6f7",
].flatMap((row) => row.split(" "));
const cube = [0, 95, 135, 175, 215, 255];

/** Of the 256 that terminals have (xterm's), or a mixed one. */
function colourOf(code: number, isMixed: boolean): string {
  if (isMixed) return hex(code >> 16, (code >> 8) & 255, code & 255);
  if (code < 16) return first16[code] ?? plain;
  if (code > 231) return hex(8 + (code - 232) * 10, 8 + (code - 232) * 10, 8 + (code - 232) * 10);
  const [red, green, blue] = [36, 6, 1].map((step) => cube[Math.floor((code - 16) / step) % 6] ?? 0);
  return hex(red ?? 0, green ?? 0, blue ?? 0);
}

function hex(...parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

function backgrounds(cells: readonly Cell[], { x, y }: Place): readonly string[] {
  return runs(cells, (one, other) => one.background === other.background).flatMap((run) => {
    const [first] = run;
    if (first?.background === undefined) return [];
    const width = fixed(columnsOf(run) * cell.width);
    const left = fixed(x + first.column * cell.width);
    return [
      `<rect x="${left}" y="${fixed(y)}" width="${width}" height="${cell.height}" fill="${first.background}"/>`,
    ];
  });
}

function texts(cells: readonly Cell[], place: Place): readonly string[] {
  return runs(cells, isOnePiece).flatMap((run) => {
    const kind = kindOf(run[0]);
    if (kind === "rule" || kind === "bar") return [lineOf(run, place)];
    return pieces(run).map((piece) => textOf(piece, place));
  });
}

/** What is drawn as a line, or stands in the middle of its cells, or goes on in the next cell. */
function kindOf(shown: Cell | undefined): "rule" | "bar" | "wide" | "text" {
  if (shown?.text === "─") return "rule";
  if (shown?.text === "│" || shown?.text === "┃") return "bar";
  return (shown?.columns ?? 1) > 1 ? "wide" : "text";
}

function isOnePiece(one: Cell, other: Cell): boolean {
  const kind = kindOf(one);
  if (kind !== kindOf(other) || kind === "bar" || kind === "wide") return false;
  return one.colour === other.colour && one.isBold === other.isBold && one.isItalic === other.isItalic;
}

function lineOf(run: readonly Cell[], { x, y }: Place): string {
  const [first] = run;
  const left = x + (first?.column ?? 0) * cell.width;
  const fill = `fill="${first?.colour ?? plain}"`;
  if (first?.text === "─") {
    const width = fixed(columnsOf(run) * cell.width);
    return `<rect x="${fixed(left)}" y="${fixed(y + cell.height / 2)}" width="${width}" height="1" ${fill}/>`;
  }
  const thick = first?.text === "┃" ? 3 : 1;
  const middle = fixed(left + (cell.width - thick) / 2);
  return `<rect x="${middle}" y="${fixed(y)}" width="${thick}" height="${cell.height}" ${fill}/>`;
}

/** What stands between wide blanks, without blanks at its ends, so that each has its own place. */
function pieces(run: readonly Cell[]): readonly (readonly Cell[])[] {
  const parts: Cell[][] = [[]];
  for (const [index, shown] of run.entries()) {
    const isBlank = shown.text === " ";
    const isInside = parts.at(-1)?.length !== 0 && (run[index + 1]?.text ?? " ") !== " ";
    if (!isBlank || isInside) parts.at(-1)?.push(shown);
    else if (parts.at(-1)?.length !== 0) parts.push([]);
  }
  return parts.filter((part) => part.length > 0);
}

const rightToLeft = /[\u0590-\u08FF]/;

function textOf(piece: readonly Cell[], { x, y }: Place): string {
  const [first] = piece;
  if (first === undefined) return "";
  const text = piece.map((shown) => shown.text).join("");
  const left = x + first.column * cell.width;
  const width = columnsOf(piece) * cell.width;
  const isWide = kindOf(first) === "wide";
  const style = [
    ...(first.colour === plain ? [] : [`fill="${first.colour}"`]),
    ...(first.isBold ? ['font-weight="bold"'] : []),
    ...(first.isItalic ? ['font-style="italic"'] : []),
  ];
  // Whatever fonts there are, a piece is as wide as its cells; but letters that join must not be pulled apart.
  const fitted = text.length === 1 || rightToLeft.test(text) ? [] : [`textLength="${fixed(width)}"`];
  const where = isWide
    ? [`x="${fixed(left + width / 2)}"`, 'text-anchor="middle"']
    : [`x="${fixed(left)}"`, ...fitted];
  return `<text ${[...where, `y="${fixed(y + baseline)}"`, ...style].join(" ")}>${escaped(text)}</text>`;
}

function columnsOf(run: readonly Cell[]): number {
  return run.reduce((sum, { columns }) => sum + columns, 0);
}

/** Cuts between cells that are not alike. */
function runs(
  cells: readonly Cell[],
  areAlike: (one: Cell, other: Cell) => boolean,
): readonly (readonly Cell[])[] {
  const cut: Cell[][] = [];
  for (const shown of cells) {
    const last = cut.at(-1);
    const before = last?.at(-1);
    if (last !== undefined && before !== undefined && areAlike(before, shown)) last.push(shown);
    else cut.push([shown]);
  }
  return cut;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function fixed(value: number): string {
  return String(Math.round(value * 100) / 100);
}
