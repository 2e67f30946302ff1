// A room of Socket.IO as fast as its documentation allows: WebSockets only, nothing compressed, no heartbeats
// meanwhile. `node bench/servers/socket-io.ts`; it says its port on standard output. Socket.IO is no dependency:
// whoever wants to compare installs it where Node finds it.
import { createServer } from "node:http";
import { createRequire } from "node:module";

interface ServerSocket {
  join(room: string): void;
  on(event: string, listener: (text: string) => void): void;
  to(room: string): { emit(event: string, text: string): void };
}

interface SocketIo {
  readonly engine: { on(event: "connection", listener: (raw: { request: unknown }) => void): void };
  on(event: "connection", listener: (socket: ServerSocket) => void): void;
}

const require = createRequire(import.meta.url);
const { Server } = require("socket.io") as { Server: new (server: unknown, options: object) => SocketIo };

const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  pingInterval: 600_000,
  pingTimeout: 600_000,
});
// Its documentation advises so, to save memory.
io.engine.on("connection", (raw) => {
  raw.request = null;
});
io.on("connection", (socket) => {
  socket.join("bench");
  socket.on("say", (text) => socket.to("bench").emit("say", text));
});
http.listen({ port: Number(process.argv[2] ?? 0), host: "127.0.0.1", backlog: 4096 }, () => {
  const address = http.address();
  process.stdout.write(`Port: ${typeof address === "object" ? address?.port : ""}\n`);
});
