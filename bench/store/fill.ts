// Fills the lobby of a data folder, as fast as the store takes it:
// `node bench/store/fill.ts --data FOLDER --rows N`. `--from M`: it holds M already, and is to hold N.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { lobby, type MessageId, type NewEvent, type PersonId } from "../../src/chat/event.ts";
import { cleanText } from "../../src/chat/text.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { openSqliteStoreHere } from "../../src/storage/sqlite-store.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: "." },
    rows: { type: "string", default: "1000" },
    from: { type: "string", default: "0" },
  },
});
const rows = Number(values.rows);
const batchRows = 10_000;
const people = 1000;
const progressMs = 2000;
// A message a second, the last one now.
const beginning = Date.now() - rows * 1000;

const cleaned = cleanText("Has anybody seen the ladder? It is not in the shed where it was.", {
  maxBytes: 2048,
});
if (!cleaned.ok) throw new Error("Cannot fill: the text was refused");
const { text } = cleaned;

function eventAt(row: number): NewEvent {
  const person = row % people;
  return {
    stream: lobby,
    id: `mfill000-0123456789-${row.toString(36)}` as MessageId,
    at: beginning + row * 1000,
    kind: "text",
    from: { id: person.toString(16).padStart(24, "0") as PersonId, name: `person${person}` },
    to: undefined,
    text,
    replyTo: undefined,
    threadRoot: undefined,
    clientTags: undefined,
    retry: undefined,
  };
}

const store = await openSqliteStoreHere(join(values.data, databaseName));
let saidAt = performance.now();
for (let first = Number(values.from); first < rows; first += batchRows) {
  const count = Math.min(batchRows, rows - first);
  await store.append(Array.from({ length: count }, (_, index) => eventAt(first + index)));
  if (performance.now() - saidAt < progressMs) continue;
  saidAt = performance.now();
  process.stdout.write(`filling the store: ${first + count} of ${rows} messages\n`);
}
await store.close();
process.stdout.write(`${JSON.stringify({ rows })}\n`);
