import type { WebSocket } from "ws";
import type { Connection } from "../connection.ts";
import type { DoorContext } from "../front.ts";
import { IrcDoor } from "./irc-door.ts";

/** In which a websocket carries IRC, a line a message: IRCv3 websocket, "WebSocket features and encoding". */
export const ircSubprotocols = ["text.ircv3.net", "binary.ircv3.net"] as const;

type IrcSubprotocol = (typeof ircSubprotocols)[number];

/** The first of what a client offers that this server speaks. */
export function ircSubprotocolOf(offered: Iterable<string>): IrcSubprotocol | undefined {
  for (const one of offered) {
    const known = ircSubprotocols.find((subprotocol) => subprotocol === one);
    if (known !== undefined) return known;
  }
  return undefined;
}

/** A connection of somebody with an IRC client in a web page. */
export class IrcWebSocketDoor extends IrcDoor {
  readonly #websocket: WebSocket;

  constructor(
    connection: Connection,
    options: { readonly websocket: WebSocket; readonly context: DoorContext },
  ) {
    const { websocket, context } = options;
    const subprotocol: IrcSubprotocol = "text.ircv3.net";
    super(connection, context, websocket.protocol === subprotocol ? "text-messages" : "binary-messages");
    this.#websocket = websocket;
    websocket.on("message", (data: Buffer) => {
      if (!connection.closing) this.receive(Buffer.concat([data, lineEnd]));
    });
    // The library has sent the closing frame to who breaks the framing.
    websocket.on("error", (error) => {
      if (connection.closing) return;
      const why = `broken websocket frames (${error.message})`;
      context.reject(connection, { reason: undefined, why, counts: "broken-frames" });
    });
  }

  protected override shut(): void {
    this.#websocket.close(normalClosure);
  }
}

const lineEnd = Buffer.from("\r\n");
const normalClosure = 1000;
