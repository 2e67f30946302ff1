import type { WireEvent } from "../../protocols/websocket/messages.ts";

/** Whether it happened to a room or to a message, and was not said. */
export function isNews({ kind }: WireEvent): boolean {
  return kind === "topic" || kind === "kick" || kind === "mode" || kind === "room-name" || kind === "removal";
}
