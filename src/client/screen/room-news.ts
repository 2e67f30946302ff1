import type { WireEvent } from "../../protocols/websocket/messages.ts";

/** Whether it happened to a room, or to a message of it, and was not said in it. */
export function isNews({ kind }: WireEvent): boolean {
  return kind === "topic" || kind === "kick" || kind === "mode" || kind === "room-name" || kind === "signal";
}
