// What one would write first with the `ws` package, to compare with: each message is sent to each client as a
// string of its own. It keeps nothing, limits nothing and refuses no name. `node bench/servers/naive-websocket.ts`;
// it says its port on standard output.
import { type WebSocket, WebSocketServer } from "ws";

const people = new Map<WebSocket, string>();

const server = new WebSocketServer({
  port: Number(process.argv[2] ?? 0),
  host: "127.0.0.1",
  backlog: 4096,
  perMessageDeflate: false,
});

server.on("connection", (socket) => {
  socket.on("error", () => socket.terminate());
  socket.on("close", () => people.delete(socket));
  socket.on("message", (data: Buffer) => receive(socket, data.toString()));
});

function receive(socket: WebSocket, text: string): void {
  const from = people.get(socket);
  if (from === undefined) {
    people.set(socket, text);
    socket.send(`Welcome to the chat server, ${text}!`);
    return;
  }
  const message = JSON.stringify({ at: Date.now(), from, text });
  for (const person of people.keys()) {
    if (person !== socket) person.send(message);
  }
}

server.on("listening", () => {
  const address = server.address();
  process.stdout.write(`Port: ${typeof address === "object" ? address?.port : ""}\n`);
});
