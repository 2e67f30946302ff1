// What one would write first, to compare with: a line is a string, and each recipient gets a write of its own.
// It keeps nothing, limits nothing, refuses no name and tells nobody who came and went: it does less than a chat
// server has to. `node bench/servers/naive.ts`; it says its port on standard output.
import { createServer, type Socket } from "node:net";

const people = new Map<Socket, string>();

const server = createServer({ noDelay: true }, (socket) => {
  let begun = "";
  socket.setEncoding("utf8");
  socket.on("data", (chunk: string) => {
    const lines = (begun + chunk).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) receive(socket, line);
  });
  socket.on("error", () => socket.destroy());
  socket.on("close", () => people.delete(socket));
});

function receive(socket: Socket, line: string): void {
  const name = people.get(socket);
  if (name === undefined) {
    people.set(socket, line);
    socket.write(`Welcome to the chat server, ${line}!\n`);
    return;
  }
  const message = `[${new Date().toTimeString().slice(0, 8)}] ${name}: ${line}\n`;
  for (const person of people.keys()) {
    if (person !== socket) person.write(message);
  }
}

server.listen({ port: Number(process.argv[2] ?? 0), host: "127.0.0.1", backlog: 4096 }, () => {
  const address = server.address();
  process.stdout.write(`Port: ${typeof address === "object" ? address?.port : ""}\n`);
});
