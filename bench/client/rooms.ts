import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { roomfulLine } from "../servers/contenders.ts";
import { startServer } from "../servers/servers.ts";
import { type Said, speakers } from "./talk.ts";

/** Where a client is, and others talk. */
export interface Room {
  readonly port: number;
  say(said: Said): void;
  stop(): Promise<void>;
}

/** What a newcomer sees of what was said before. */
export const greeting = "Good morning, everybody!";

/** A Roomful server of its own; each speaker comes by the line door. */
export async function openRoomful(folder: string): Promise<Room> {
  const server = await startServer(roomfulLine, { folder });
  const sockets = new Map<string, Socket>();
  for (const speaker of speakers) {
    const socket = connect({ port: server.port, host: "127.0.0.1", noDelay: true });
    // The server is ended before its speakers are.
    socket.on("error", () => undefined);
    socket.write(`${speaker}\n`);
    await once(socket, "data");
    socket.resume();
    sockets.set(speaker, socket);
  }
  const say = ({ speaker, text }: Said): void => void sockets.get(speaker)?.write(`${text}\n`);
  say({ speaker: speakers[0], text: greeting });
  return {
    port: server.port,
    say,
    async stop() {
      for (const socket of sockets.values()) socket.destroy();
      await server.stop();
    },
  };
}

/** As much of an IRC server as a client needs to be in `#lobby` and be talked to. */
export async function openIrc(): Promise<Room> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    let begun = "";
    socket.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (begun + chunk).split("\r\n");
      begun = lines.pop() ?? "";
      socket.write(
        lines
          .flatMap(answers)
          .map((line) => `${line}\r\n`)
          .join(""),
      );
    });
  });
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    say(said) {
      for (const socket of sockets) socket.write(`${spoken(said)}\r\n`);
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** What the server says to a line of a client that calls itself Alice (RFC 2812). */
function answers(line: string): readonly string[] {
  const [command = "", first = ""] = line.split(" ");
  switch (command.toUpperCase()) {
    case "CAP":
      return first.toUpperCase() === "LS" ? [":bench CAP * LS :"] : [];
    case "USER":
      return [
        ":bench 001 Alice :Welcome",
        ":bench 005 Alice CHANTYPES=# PREFIX=(ov)@+ :are supported",
        ":bench 422 Alice :There is no message of the day",
      ];
    case "JOIN":
      return [
        ":Alice!alice@bench JOIN #lobby",
        `:bench 353 Alice = #lobby :Alice ${speakers.join(" ")}`,
        ":bench 366 Alice #lobby :That is all",
        spoken({ speaker: speakers[0], text: greeting }),
      ];
    case "MODE":
      return [":bench 324 Alice #lobby +n"];
    case "WHO":
      return [":bench 315 Alice #lobby :That is all"];
    case "PING":
      return [`:bench PONG bench ${first}`];
    default:
      return [];
  }
}

function spoken({ speaker, text }: Said): string {
  return `:${speaker}!${speaker.toLowerCase()}@bench PRIVMSG #lobby :${text}`;
}
