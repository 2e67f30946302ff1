import type { Instant, RoomEventKind } from "../chat/event.ts";
import type { Address } from "./address.ts";

/** What the operator is told as it happens. */
export type LogRecord =
  | { readonly kind: "attempt"; readonly address: Address }
  | { readonly kind: "rejected"; readonly address: Address; readonly reason: string }
  | {
      readonly kind: "join";
      readonly at: Instant;
      readonly name: string;
      readonly address: Address;
      readonly active: number;
    }
  | { readonly kind: "leave"; readonly at: Instant; readonly name: string; readonly active: number }
  | {
      readonly kind: "broadcast";
      readonly at: Instant;
      readonly name: string;
      readonly text: string;
      readonly action: boolean;
      /** Where it is not the lobby. */
      readonly room?: string;
      /** Not everybody could come in there. */
      readonly isClosed?: boolean;
    }
  /** A room is called or run otherwise, or somebody is removed from it. */
  | {
      readonly kind: "room";
      readonly at: Instant;
      readonly room: string;
      readonly what: RoomEventKind | "removal";
      readonly by: string;
      readonly to?: string;
      readonly text: string;
      /** As with what is said there. */
      readonly isClosed?: boolean;
    }
  | {
      readonly kind: "private";
      readonly at: Instant;
      readonly name: string;
      readonly to: string;
      readonly text: string;
      readonly action: boolean;
    }
  | { readonly kind: "info"; readonly text: string }
  | { readonly kind: "warning"; readonly text: string };

export type Log = (record: LogRecord) => void;
