import type { WireEvent } from "../../protocols/websocket/messages.ts";

/** Whether it happened to a room, and was not said in it. */
export function isNews({ kind }: WireEvent): boolean {
  return kind === "topic" || kind === "kick" || kind === "mode" || kind === "room-name";
}
