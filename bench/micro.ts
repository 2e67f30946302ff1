// The hot path step by step, in one process: `node bench/micro.ts --data FOLDER`. `npm run bench` starts it; it
// prints one line of JSON.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Chat } from "../src/chat/chat.ts";
import {
  type Instant,
  lobby,
  type MessageId,
  type NewEvent,
  type PersonId,
  type StoredEvent,
} from "../src/chat/event.ts";
import { parseName } from "../src/chat/name.ts";
import { cleanText } from "../src/chat/text.ts";
import { readOptions } from "../src/cli/options.ts";
import { serveOptions, settingsOf } from "../src/cli/serve-options.ts";
import { parseLine } from "../src/protocols/line/commands.ts";
import { LineDecoder } from "../src/protocols/line/decoder.ts";
import { parseClientMessage } from "../src/protocols/websocket/parse.ts";
import { Audience } from "../src/server/audience.ts";
import { type Dialect, packFrames, packText } from "../src/server/dialect.ts";
import { Batch, type Reader } from "../src/server/fan-out.ts";
import { LineDialects } from "../src/server/line-dialect.ts";
import type { RoomTell } from "../src/server/link.ts";
import { websocketDialect } from "../src/server/websocket-door.ts";
import { openSqliteStore } from "../src/storage/threads.ts";
import { median } from "./statistics.ts";

/** The median time of one call, and of each of the things that it deals with. */
export interface MicroResult {
  readonly name: string;
  readonly nanoseconds: number;
  readonly per: { readonly count: number; readonly unit: string } | undefined;
}

const { values } = parseArgs({
  options: { data: { type: "string", default: "." }, quick: { type: "boolean", default: false } },
});

const samples = values.quick ? 5 : 15;
const sampleMs = values.quick ? 20 : 60;
const storeMs = values.quick ? 400 : 2000;
const batchEvents = 32;
const readers = 1000;
const maxTextBytes = 2048;
const time: Instant = Date.now();
const text = "Has anybody seen the ladder? It is not in the shed where it was.";

const results: MicroResult[] = [];
/** What was measured last: a result that nobody looks at might not be computed. */
let kept: unknown;

function measure(name: string, work: () => unknown, per?: MicroResult["per"]): void {
  const timed = (calls: number): number => {
    const start = performance.now();
    for (let call = 0; call < calls; call += 1) kept = work();
    return performance.now() - start;
  };
  let calls = 1;
  // The way to the right number of calls is the warm-up too.
  while (timed(calls) < sampleMs / 2) calls *= 2;
  const times = Array.from({ length: samples }, () => (timed(calls) * 1e6) / calls);
  results.push({ name, nanoseconds: median(times), per });
}

const settings = settingsOf(readOptions(serveOptions, [], {}).values, values.data);
const chat = new Chat({
  maxTextBytes,
  maxMultilineBytes: 4096,
  maxLines: 100,
  maxRooms: 1,
  maxRoomsEach: 1,
  maxIgnored: 1,
});
const alice = { id: "0123456789abcdef01234567" as PersonId, name: "Alice" };
const session = 1;
const id = "mbench00-0123456789-1" as MessageId;
const circumstances = { at: time, id, newStream: () => lobby };
const entry = {
  person: alice.id,
  name: alice.name,
  account: undefined,
  user: "line",
  host: "0123456789ab.hidden",
  realName: "",
  isBot: false,
  away: undefined,
  lobby: true,
  replaces: [],
};
chat.apply(chat.decide(session, { kind: "enter", entry }, circumstances));

const draft = { kind: "text", text } as const;
const said = chat.decide(session, { kind: "say", room: lobby, draft }, circumstances);
if (said.kind !== "said") throw new Error("Cannot measure: the text was refused");

let lastId = 0;
function newEvent(event: NewEvent): NewEvent {
  lastId += 1;
  return { ...event, id: `mbench00-0123456789-${lastId.toString(36)}` as MessageId };
}

const tells = Array.from({ length: batchEvents }, (_, index): RoomTell => {
  const { retry: _retry, ...event } = newEvent(said.event);
  return {
    kind: "event",
    event: { ...event, number: 1000 + index } satisfies StoredEvent,
    speaker: undefined,
  };
});

const chunk = Buffer.from(`${text}\n`.repeat(batchEvents));
const decoder = new LineDecoder(maxTextBytes);
const lines = { count: batchEvents, unit: "line" };
const messages = { count: batchEvents, unit: "message" };

measure("line door: decode a chunk of 32 lines", () => decoder.push(chunk), lines);
measure("line door: parseLine", () => parseLine(text));
const frame = JSON.stringify({ type: "send", counter: 1, to: lobby, kind: "text", text });
measure("websocket door: parseClientMessage", () => parseClientMessage(frame));
measure("chat: cleanText", () => cleanText(text, { maxBytes: maxTextBytes }));
measure("chat: parseName", () => parseName("Alice"));
measure("chat: decide a say", () => chat.decide(session, { kind: "say", room: lobby, draft }, circumstances));

const line = new LineDialects({ consoleShowsPrivate: true }, () => undefined).lobby;
const websocket = websocketDialect({ settings, consoleShowsPrivate: true });
const pieces = tells.map((tell) => line.room(tell));
const objects = tells.map((tell) => websocket.room(tell));
measure("line door: word 32 messages", () => tells.map((tell) => line.room(tell)), messages);
measure("line door: packText of them", () => packText(pieces), messages);
measure("websocket door: word 32 messages", () => tells.map((tell) => websocket.room(tell)), messages);
measure("websocket door: packFrames of them", () => packFrames(objects), messages);

const room = new Audience(lobby, lobby);

class StubReader implements Reader {
  readonly dialect: Dialect = line;
  readonly live = true;
  readonly rooms = room.only;
  place = -1;
  places: Reader["places"];
  exceptions: Reader["exceptions"];
  mix: Reader["mix"];
  bytes = 0;

  write(bytes: Buffer): void {
    this.bytes += bytes.length;
  }
}

for (let index = 0; index < readers; index += 1) room.add(new StubReader());
measure(
  "fan-out: a batch of 32 to 1000 readers that are no sockets",
  () => {
    const batch = new Batch<StubReader>();
    for (const tell of tells) batch.toRooms(tell, [room], { except: [] });
    batch.write();
  },
  { count: batchEvents * readers, unit: "delivery" },
);

/** With the way to the store's thread and back, and the fsync. One batch at a time, as the journal does. */
async function measureStore(event: NewEvent): Promise<void> {
  const store = await openSqliteStore(join(values.data, "micro.db"));
  try {
    for (const size of [batchEvents, 256, 1024]) {
      const times: number[] = [];
      const end = performance.now() + storeMs;
      while (performance.now() < end) {
        const events = Array.from({ length: size }, () => newEvent(event));
        const start = performance.now();
        kept = await store.append(events);
        times.push((performance.now() - start) * 1e6);
      }
      const per = { count: size, unit: "message" };
      results.push({ name: `store: append ${size} messages durably`, nanoseconds: median(times), per });
    }
  } finally {
    await store.close();
  }
}

await measureStore(said.event);
if (kept === undefined) throw new Error("Cannot measure: nothing was computed");
process.stdout.write(`${JSON.stringify(results)}\n`);
