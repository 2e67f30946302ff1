import type { Socket as Transport } from "node:net";
import { type ClientOptions, WebSocket } from "ws";
import type { OpenSocket, Socket, SocketEvents } from "./socket.ts";

// A welcome or a page holds some hundred messages of some kilobytes each.
const maxFrameBytes = 16 * 1024 * 1024;

const problemWords: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing is listening there"],
  ["ECONNRESET", "the connection was reset"],
  ["EPIPE", "the connection was reset"],
  ["ENOTFOUND", "there is no such host"],
  ["EAI_AGAIN", "the name of the host cannot be looked up now"],
  ["EHOSTUNREACH", "there is no way to that host"],
  ["ENETUNREACH", "there is no way to that network"],
  ["ETIMEDOUT", "there was no answer in time"],
]);

/** The real thing, over `ws`. */
export const openWebSocket: OpenSocket = (url, events) => open(url, events, {});

/** As `openWebSocket`, on a connection that is there. */
export function webSocketOver(connection: () => Transport): OpenSocket {
  return (url, events) => open(url, events, { createConnection: connection });
}

/** What kept a connection from being made, or ended it, in a few words for people. */
export function problemOf(error: NodeJS.ErrnoException): string {
  return problemWords.get(error.code ?? "") ?? error.message;
}

function open(url: string, events: SocketEvents, options: ClientOptions): Socket {
  let problem: string | undefined;
  let over = false;
  const end = (): void => {
    if (over) return;
    over = true;
    events.closed(problem);
  };
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: maxFrameBytes, ...options });
  socket.on("upgrade", (response) => {
    // Not before `ws` listens itself: the first frames may have come with the upgrade, and would be lost on it.
    socket.once("open", () => response.socket.on("data", () => over || events.alive()));
  });
  socket.on("open", () => over || events.opened());
  socket.on("message", (data) => {
    if (!over) events.frame(frameText(data));
  });
  socket.on("unexpected-response", (request, response) => {
    problem = `something else than Roomful answered there (HTTP ${response.statusCode})`;
    request.destroy();
    end();
  });
  socket.on("error", (error: NodeJS.ErrnoException) => {
    problem ??= problemOf(error);
  });
  socket.on("close", end);
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    ping: (answered) => {
      if (socket.readyState !== WebSocket.OPEN || socket.listenerCount("pong") > 0) return;
      socket.once("pong", () => over || answered());
      socket.ping();
    },
    close: () => socket.close(),
    terminate: () => {
      over = true;
      socket.terminate();
    },
  };
}

function frameText(data: Buffer | ArrayBuffer | Buffer[]): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
