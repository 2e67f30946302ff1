import { parseSearch } from "../../chat/search.ts";
import { onOneLine, printable, printableLines } from "../../chat/text.ts";
import { foundTitle, placeOf } from "../../protocols/line/found.ts";
import type { WireEvent, WireHit } from "../../protocols/websocket/messages.ts";
import type { Found } from "../state/client-state.ts";
import { closed, cut } from "./cells.ts";
import { foundParts } from "./found-text.ts";
import type { Theme } from "./theme.ts";
import { clockOf, dayOf } from "./times.ts";
import { wrap } from "./wrap.ts";

export interface FoundOptions {
  /** Which hit is chosen. */
  readonly chosen: number;
  readonly theme: Theme;
  readonly columns: number;
  readonly height: number;
  /** One's own id. */
  readonly me: string;
}

/** As many rows of what was found as there is height, so that the chosen hit is among them. */
export function foundRows(found: Found, options: FoundOptions): readonly string[] {
  const { theme, columns, chosen, height } = options;
  const wanted = parseSearch(found.query, () => 0);
  const rows = [theme.paint("title", cut(foundTitle(found, found.query), columns)), ""];
  let start = 0;
  for (const [index, hit] of found.hits.entries()) {
    if (index === chosen) start = rows.length;
    rows.push(...hitRows(wanted, hit, { ...options, isChosen: index === chosen }), "");
  }
  const from = Math.min(start - Math.floor(height / 3), rows.length - height);
  return rows.slice(Math.max(0, from), Math.max(0, from) + height);
}

function hitRows(
  wanted: ReturnType<typeof parseSearch>,
  { event, before, after }: WireHit,
  options: FoundOptions & { readonly isChosen: boolean },
): readonly string[] {
  const { theme, columns, me, isChosen } = options;
  const place = `${printable(placeOf(event, me))} · ${dayOf(event.at)} ${clockOf(event.at)}`;
  const head = cut(`${isChosen ? "▶" : " "} ${place}`, columns);
  const beside = (neighbour: WireEvent | undefined): readonly string[] =>
    neighbour === undefined
      ? []
      : [theme.paint("dim", closed(cut(`    ${printable(onOneLine(said(neighbour)))}`, columns)))];
  const wrapped = printableLines(said(event)).flatMap((line) => wrap(line, Math.max(2, columns - 4)));
  const lines = wrapped.map((line) => {
    const parts = "reason" in wanted ? [] : foundParts(line, wanted);
    let shown = "";
    let at = 0;
    for (const [from, to] of parts) {
      shown += line.slice(at, from) + theme.paint("found", line.slice(from, to));
      at = to;
    }
    return `    ${shown}${closed(line).slice(at)}`;
  });
  return [theme.paint(isChosen ? "chosen" : "bar", head), ...beside(before), ...lines, ...beside(after)];
}

function said({ kind, from, text }: WireEvent): string {
  if (kind === "announcement") return `SYSTEM: ${text}`;
  return kind === "action" ? `* ${from.name} ${text}` : `${from.name}: ${text}`;
}
