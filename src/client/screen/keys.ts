import { codePointEnd } from "../../chat/text.ts";
/** What somebody did at the terminal. */
export type Key =
  | { readonly kind: "text"; readonly text: string }
  /** `name`: `up`, `enter`, or a letter with Ctrl or Alt; with its modifiers as in `ctrl-alt-x`, in that order. */
  | { readonly kind: "key"; readonly name: string }
  | { readonly kind: "paste"; readonly text: string }
  | { readonly kind: "wheel"; readonly direction: "up" | "down" }
  | { readonly kind: "focus"; readonly here: boolean }
  /** The terminal's answer to the question for its background, each of red, green and blue from 0 to 1. */
  | { readonly kind: "background"; readonly red: number; readonly green: number; readonly blue: number };

const controls: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "ctrl-j",
  "\t": "tab",
  "\x7F": "backspace",
  "\b": "backspace",
  "\x1B": "escape",
  "\0": "ctrl-space",
  "\x1F": "ctrl-_",
};

const finals: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  E: "middle",
  F: "end",
  H: "home",
  P: "f1",
  Q: "f2",
  R: "f3",
  S: "f4",
  Z: "shift-tab",
};

const tildes: Readonly<Record<string, string>> = {
  1: "home",
  2: "insert",
  3: "delete",
  4: "end",
  5: "page-up",
  6: "page-down",
  7: "home",
  8: "end",
  11: "f1",
  15: "f5",
};

const pasteBegin = "\x1B[200~";
const pasteEnd = "\x1B[201~";
/** A paste beyond it, and a sequence that never ends, are cut there rather than kept. */
const maxPasteUnits = 1_000_000;

/**
 * What a terminal sends, as keys. Takes chunks and returns what they completed; an Escape, and whatever else may
 * be the beginning of something, waits for the next chunk, or for `flush` when none comes.
 */
export class KeyParser {
  #rest = "";
  #paste: string | undefined;

  /** Whether something waits for its end, so that `flush` is to be called when nothing comes soon. */
  get waiting(): boolean {
    return this.#rest !== "" && this.#paste === undefined;
  }

  push(chunk: string): readonly Key[] {
    this.#rest += chunk;
    return this.#take(false);
  }

  /** Nothing more comes for now: an Escape was the key. */
  flush(): readonly Key[] {
    return this.#take(true);
  }

  #take(complete: boolean): Key[] {
    const keys: Key[] = [];
    while (this.#rest !== "") {
      if (this.#paste !== undefined) {
        const pasted = this.#pasted();
        if (pasted === undefined) break;
        keys.push(pasted);
        continue;
      }
      if (this.#rest.startsWith(pasteBegin)) {
        this.#rest = this.#rest.slice(pasteBegin.length);
        this.#paste = "";
        continue;
      }
      const length = lengthOfNext(this.#rest, complete);
      if (length === 0) break;
      const key = keyOf(this.#rest.slice(0, length));
      this.#rest = this.#rest.slice(length);
      if (key !== undefined) keys.push(key);
    }
    return keys;
  }

  /** The paste, or `undefined` while its end has not come. */
  #pasted(): Key | undefined {
    const end = this.#rest.indexOf(pasteEnd);
    if (end === -1) {
      // Its last bytes may be the beginning of the end.
      const sure = Math.max(0, this.#rest.length - pasteEnd.length);
      this.#paste = `${this.#paste ?? ""}${this.#rest.slice(0, sure)}`.slice(0, maxPasteUnits);
      this.#rest = this.#rest.slice(sure);
      return undefined;
    }
    const text = `${this.#paste ?? ""}${this.#rest.slice(0, end)}`.slice(0, maxPasteUnits);
    this.#rest = this.#rest.slice(end + pasteEnd.length);
    this.#paste = undefined;
    return { kind: "paste", text: text.replaceAll(/\r\n?/g, "\n") };
  }
}

const text = /^[^\x00-\x1F\x7F]+/;
const csi = /^\x1B\[[0-?]*[ -/]*[@-~]/;
const csiBegun = /^\x1B\[[0-?]*[ -/]*$/;
const osc = /^\x1B\][^\x07\x1B]*(?:\x07|\x1B\\)/;
const oscBegun = /^\x1B\][^\x07\x1B]{0,200}\x1B?$/;

/** How long the next piece is; 0: its end has not come. */
function lengthOfNext(rest: string, complete: boolean): number {
  const run = text.exec(rest)?.[0];
  if (run !== undefined) return run.length;
  if (rest[0] !== "\x1B") return 1;
  const whole = csi.exec(rest) ?? osc.exec(rest) ?? /^\x1BO[ -~]/.exec(rest);
  if (whole !== null) return whole[0].length;
  if (!complete && (rest === "\x1B" || rest === "\x1BO" || csiBegun.test(rest) || oscBegun.test(rest)))
    return 0;
  if (rest.length === 1) return 1;
  // Alt and a key: the key may be a sequence itself.
  if (rest[1] === "\x1B") {
    const inner = lengthOfNext(rest.slice(1), complete);
    return inner === 0 ? 0 : inner + 1;
  }
  return codePointEnd(rest, 1);
}

function keyOf(piece: string): Key | undefined {
  if (!piece.startsWith("\x1B")) {
    const name = controls[piece];
    if (name !== undefined) return { kind: "key", name };
    if (piece < " ") return { kind: "key", name: `ctrl-${String.fromCharCode(piece.charCodeAt(0) + 96)}` };
    return { kind: "text", text: piece };
  }
  if (piece === "\x1B") return { kind: "key", name: "escape" };
  if (csi.test(piece)) return sequenceKey(piece.slice(2));
  if (piece.startsWith("\x1B]")) return backgroundOf(piece);
  if (piece.startsWith("\x1BO") && piece.length === 3) return named(finals[piece.slice(2)], "1");
  const key = keyOf(piece.slice(1));
  if (key?.kind === "text") return { kind: "key", name: `alt-${key.text}` };
  return key?.kind === "key" ? { kind: "key", name: withAlt(key.name) } : undefined;
}

function withAlt(name: string): string {
  if (/^(?:ctrl-)?alt-/.test(name)) return name;
  return name.startsWith("ctrl-") ? `ctrl-alt-${name.slice(5)}` : `alt-${name}`;
}

function sequenceKey(sequence: string): Key | undefined {
  if (sequence === "I" || sequence === "O") return { kind: "focus", here: sequence === "I" };
  const mouse = /^<(\d+);\d+;\d+[Mm]$/.exec(sequence);
  if (mouse !== null) {
    const button = Number(mouse[1]) & ~0b11100;
    if (button === 64) return { kind: "wheel", direction: "up" };
    return button === 65 ? { kind: "wheel", direction: "down" } : undefined;
  }
  const [, first = "1", modifier = "1", final = ""] = /^(\d*)(?:;(\d+))?([A-Z~])$/.exec(sequence) ?? [];
  return named(final === "~" ? tildes[first] : finals[final], modifier);
}

/** xterm's modifiers: one more than the sum of Shift 1, Alt 2 and Ctrl 4. */
function named(name: string | undefined, modifier: string): Key | undefined {
  if (name === undefined) return undefined;
  const bits = Number(modifier) - 1;
  const held = [bits & 4 ? "ctrl-" : "", bits & 2 ? "alt-" : "", bits & 1 ? "shift-" : ""].join("");
  return { kind: "key", name: held + name };
}

function backgroundOf(piece: string): Key | undefined {
  const [, red, green, blue] = /^\x1B\]11;rgba?:([\da-f]+)\/([\da-f]+)\/([\da-f]+)/i.exec(piece) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return undefined;
  const part = (hex: string): number => Number.parseInt(hex, 16) / (16 ** hex.length - 1);
  return { kind: "background", red: part(red), green: part(green), blue: part(blue) };
}
