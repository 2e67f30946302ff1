// Times a newcomer's looks into the history: `node bench/load/pages.ts --port PORT --rows N` asks for pages of 500
// messages, each of them once, by the websocket door. One line of JSON.
import { parseArgs } from "node:util";
import { WebSocket } from "ws";

/** In milliseconds, from asking to having the page. */
export interface PageTimes {
  readonly newest: number;
  readonly middle: number;
  readonly oldest: number;
}

const { values } = parseArgs({
  options: { port: { type: "string" }, rows: { type: "string", default: "0" } },
});
const limit = 500;
/** The whole program ends then. */
const limitSeconds = 60;
const socket = new WebSocket(`ws://127.0.0.1:${values.port}/chat`);
const waiting = new Map<string, (message: string) => void>();
let request = 0;

function answerTo(type: string): Promise<string> {
  return new Promise((resolve) => waiting.set(`{"type":"${type}"`, resolve));
}

setTimeout(() => {
  process.stderr.write(`pages: not done after ${limitSeconds} s\n`);
  process.exit(1);
}, limitSeconds * 1000).unref();
socket.on("error", (error) => {
  process.stderr.write(`pages: ${error.message}\n`);
  process.exit(1);
});
socket.on("message", (data: Buffer) => {
  const message = data.toString();
  for (const [beginning, resolve] of waiting) if (message.startsWith(beginning)) resolve(message);
});
await new Promise((resolve) => socket.on("open", resolve));

async function timed(where: object): Promise<number> {
  const start = performance.now();
  const page = answerTo("page");
  request += 1;
  socket.send(JSON.stringify({ type: "history", request, stream: "#lobby", limit, ...where }));
  await page;
  return performance.now() - start;
}

const welcome = answerTo("welcome");
socket.send(JSON.stringify({ type: "hello", version: 1, name: "looker" }));
await welcome;
const times: PageTimes = {
  newest: await timed({}),
  middle: await timed({ before: Math.ceil(Number(values.rows) / 2) + 1 }),
  oldest: await timed({ after: 0 }),
};
process.stdout.write(`${JSON.stringify(times)}\n`);
socket.close();
