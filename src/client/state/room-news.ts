import type { WireEvent } from "../../protocols/websocket/messages.ts";

/** Whether it happened to a room or to a message, and was not said. */
export function isNews({ kind }: WireEvent): boolean {
  switch (kind) {
    case "topic":
    case "kick":
    case "mode":
    case "room-name":
    case "removal":
    case "signal":
      return true;
    case "text":
    case "action":
    case "notice":
    case "announcement":
    case "removed":
    case "ignored":
      return false;
  }
}
