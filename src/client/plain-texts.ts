import { onOneLine, quoted } from "../chat/text.ts";
import { oneLine } from "../protocols/line/render.ts";
import { showServerAddress } from "./address.ts";
import type { EngineEvent } from "./engine-event.ts";
import type { Send } from "./outbox.ts";

type Of<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

export const youPrompt = "You: ";

const maxNamedLines = 10;

export function connectingLine(address: { readonly host: string; readonly port: number }): string {
  return oneLine(`Connecting to server at ${showServerAddress(address)}...`);
}

/** The fingerprint in two lines, as the server prints it, since in one it is longer than a terminal is wide. */
export function pinnedLines(fingerprint: string): readonly string[] {
  const half = Math.ceil(fingerprint.length / 2);
  return [
    "Its certificate is new here, and is remembered. Its SHA-256 fingerprint:",
    `  ${fingerprint.slice(0, half)}`,
    `  ${fingerprint.slice(half)}`,
  ];
}

/** A password is asked for where a name is given, and taken nowhere else. */
export const cannotSignInText = "To sign in under another name, leave and come in under it";

export function passwordQuestion(name: string): string {
  return `The password of ${quoted(name)} (an empty line for another username): `;
}

export const connectedText = "✓ Connected successfully!\n\n";

/** `told`: the server said itself why the connection ended, so it is not said again. */
export function reconnectingLine(event: Of<"reconnecting">, told: boolean): string {
  const wait = `${Math.ceil(event.inMs / 1000)} s…`;
  const why = told ? "" : ` (${event.why})`;
  if (event.lost) return oneLine(`Connection lost${why}. Reconnecting in ${wait}`);
  return oneLine(`Still not connected${why}. Trying again in ${wait}`);
}

/** `waiting`: how many lines are sent now. */
export function reconnectedText(event: Of<"connected">, waiting: number): string {
  const sent =
    waiting === 0
      ? ""
      : ` ${waiting} ${waiting === 1 ? "line that waited is" : "lines that waited are"} sent now.`;
  const doubt =
    event.samePerson || event.uncertain === undefined
      ? ""
      : oneLine(
          `The server does not know you from before, so it cannot tell whether it had "${quoted(onOneLine(event.uncertain.text))}" already: that line may appear twice.`,
        );
  const other = event.continued
    ? ""
    : "The server's history is not the one you saw before. It goes on from here.\n";
  return `${oneLine(`✓ Reconnected.${sent}`)}${doubt}${other}`;
}

/** Said of a line that was typed without a connection. */
export function waitingLine(waiting: number): string {
  const lines = waiting === 1 ? "1 line waits" : `${waiting} lines wait`;
  return oneLine(`Not connected: ${lines}, to be sent when the connection is back.`);
}

export function sendingLine(waiting: number): string {
  const lines = waiting === 1 ? "1 line is" : `${waiting} lines are`;
  return oneLine(`Leaving when ${lines} sent. Press Ctrl-C to leave at once.`);
}

/** Private messages that are gone have no number that anybody was shown. */
export const privateGoneText = "--- some private messages are no longer kept ---\n";

/** What is left when the client leaves, so that nobody believes it was said. */
export function unsentText(unsent: readonly Send[], uncertain: Send | undefined): string {
  if (unsent.length === 0) return "";
  const named = unsent.slice(0, maxNamedLines).map((send) => `"${quoted(onOneLine(send.text))}"`);
  const more = unsent.length > named.length ? ` and ${unsent.length - named.length} more` : "";
  const lines = unsent.length === 1 ? "1 line was" : `${unsent.length} lines were`;
  const which = unsent.length === 1 ? "It" : "The first";
  const doubt = uncertain === undefined ? "" : `. ${which} may have arrived all the same`;
  return oneLine(`${lines} not sent: ${named.join(", ")}${more}${doubt}`);
}
