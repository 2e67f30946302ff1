import { createRequire } from "node:module";
import type { Door } from "../load/doors.ts";
import { inspircdVersion } from "./inspircd.ts";

/** What is measured, under its name in the tables. */
export interface Contender {
  readonly name: string;
  readonly door: Door;
  readonly program: "roomful" | "naive" | "naive-websocket" | "socket-io" | "inspircd";
  /** Added to its command line. */
  readonly args?: readonly string[];
  /** InspIRCd only: whether it offers capabilities. */
  readonly capable?: boolean;
}

export const roomfulLine: Contender = { name: "Roomful", door: "line", program: "roomful" };
export const roomfulWebsocket: Contender = { name: "Roomful", door: "websocket", program: "roomful" };
export const roomfulIrc: Contender = { name: "Roomful", door: "irc", program: "roomful" };
export const naive: Contender = { name: "naive", door: "line", program: "naive" };
const naiveWebsocket: Contender = {
  name: "naive ws",
  door: "plain-websocket",
  program: "naive-websocket",
};
const socketIo: Contender = { name: "Socket.IO", door: "socket-io", program: "socket-io" };
export const inspircd: Contender = { name: "InspIRCd", door: "irc", program: "inspircd" };
const capableInspircd: Contender = { ...inspircd, capable: true };
/** What the IRC door is measured against, beside the peer. */
const lineDoor: Contender = { ...roomfulLine, name: "line door" };

const hasSocketIo = ((): boolean => {
  try {
    createRequire(import.meta.url).resolve("socket.io");
    return true;
  } catch {
    return false;
  }
})();

export const hasInspircd: boolean = inspircdVersion !== undefined;

/** Whom Roomful is compared with, by the door; those that are here. */
export const linePeers: readonly Contender[] = [...(hasInspircd ? [inspircd] : []), naive];
export const ircPeers: readonly Contender[] = [...(hasInspircd ? [capableInspircd] : []), lineDoor];
export const websocketPeers: readonly Contender[] = [naiveWebsocket, ...(hasSocketIo ? [socketIo] : [])];

/** What is said of the peers that are here, and of those that are not. */
export const peerFacts: readonly string[] = [
  inspircdVersion ?? "InspIRCd is not installed (`inspircd` is not on the PATH): left out",
  ...(hasSocketIo ? [] : ["Socket.IO is not installed (Node does not find `socket.io`): left out"]),
];
