import type { FrameOptions } from "../support/websocket-frames.ts";
import type { Random } from "./random.ts";

/**
 * A websocket frame. In its text `{{token}}`, `{{broken}}` (a token that is none), `{{epoch}}`, `{{me}}` and
 * `{{other}}` (people's ids) stand for what the server gave out, and `"{{counter}}"` for the next of the device,
 * so that the same input can be sent to another server. In bytes `{{msgid}}` stands for the id of a message of one's
 * own that came back.
 */
export interface Frame {
  readonly text: string;
  readonly options: FrameOptions;
}

export type Piece = Buffer | Frame;

/** What one connection is sent, in pieces with a turn of the event loop between them. */
export interface Input {
  /** On a connection of its own, as the first that is sent there; else to somebody who has come in. */
  readonly fresh: boolean;
  readonly pieces: readonly Piece[];
  /** What becomes of the connection; `drop`: it is reset after a moment, `reset`: at once. */
  readonly ending: "stay" | "end" | "reset" | "drop";
}

/** Somewhere, or nowhere, or nearly everywhere. */
export function cut(random: Random, bytes: Buffer): readonly Buffer[] {
  const edges = random.weighted(
    [60, () => []],
    [30, () => random.several(1, 3, () => random.below(bytes.length + 1))],
    [10, () => random.several(4, 12, () => random.below(bytes.length + 1))],
  );
  edges.sort((one, other) => one - other);
  return [0, ...edges]
    .map((edge, index) => bytes.subarray(edge, edges[index] ?? bytes.length))
    .filter((piece) => piece.length > 0);
}

/** An input as a person can read it and a program can take it apart. */
export function describeInput({ fresh, pieces, ending }: Input): string {
  const shown = pieces.map((piece) =>
    "text" in piece ? `frame ${frameText(piece)}` : JSON.stringify(piece.toString("latin1")),
  );
  return harmless(
    `${fresh ? "a new connection" : "somebody who is in"}: ${shown.join(" + ")}, then ${ending}`,
  );
}

/** With an escape for whatever is no visible ASCII, so that a report does no harm to the terminal it is read on. */
export function harmless(text: string): string {
  return text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function frameText({ text, options }: Frame): string {
  const { claimedLength } = options;
  return JSON.stringify({ text, ...options, ...(claimedLength && { claimedLength: String(claimedLength) }) });
}
