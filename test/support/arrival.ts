import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { RawClient } from "./raw-client.ts";

/** The server's ends of connections, by the ports of the others. */
const accepted = new Map<number, Socket>();
subscribe("net.server.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  accepted.set(socket.remotePort ?? 0, socket);
});

/** Everything that was sent was read by the server, which is on this thread, or never will be. */
export async function arrival(client: Pick<RawClient, "socket">): Promise<void> {
  while (!client.socket.destroyed) {
    const socket = accepted.get(client.socket.localPort ?? 0);
    if (socket !== undefined && (socket.destroyed || socket.bytesRead >= client.socket.bytesWritten)) return;
    await setImmediate();
  }
}
