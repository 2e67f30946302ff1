import { lobby } from "../chat/event.ts";
import type { Welcome } from "./order.ts";
import type { Join } from "./outbox.ts";

interface Membership {
  name: string;
  /** The password that was given in this run. */
  readonly key: string | undefined;
  /** Whether the server said so on the present connection. */
  isIn: boolean;
}

/** A room that one was in, and is to be in again. */
export interface Wanted {
  readonly stream: string;
  readonly name: string;
  readonly join: Omit<Join, "request">;
}

/** The rooms beside the lobby that one is in, which a server may have forgotten when the next connection begins. */
export class Memberships {
  readonly #rooms = new Map<string, Membership>();

  nameOf(stream: string): string | undefined {
    return this.#rooms.get(stream)?.name;
  }

  entered(room: { readonly stream: string; readonly name: string }, key: string | undefined): void {
    if (room.stream === lobby) return;
    const before = this.#rooms.get(room.stream);
    this.#rooms.set(room.stream, { name: room.name, key: key ?? before?.key, isIn: true });
  }

  left(stream: string): void {
    this.#rooms.delete(stream);
  }

  renamed(stream: string, name: string): void {
    const room = this.#rooms.get(stream);
    if (room !== undefined) room.name = name;
  }

  /**
   * A connection begins. Guests are in no room any more when they come back, so their rooms are wanted again; where
   * the server still knows some, the others were left elsewhere meanwhile, and are `lost`.
   */
  begin(welcome: Welcome): {
    readonly wanted: readonly Wanted[];
    readonly lost: readonly Omit<Wanted, "join">[];
  } {
    const entries = new Map((welcome.rooms ?? []).map(({ room }) => [room.stream, room]));
    const isKept = [...this.#rooms].some(([stream, { isIn }]) => isIn && entries.has(stream));
    const wanted: Wanted[] = [];
    const lost: Omit<Wanted, "join">[] = [];
    for (const [stream, membership] of this.#rooms) {
      const { name, key, isIn } = membership;
      if (entries.has(stream)) continue;
      if (isKept && isIn) {
        lost.push({ stream, name });
        this.#rooms.delete(stream);
        continue;
      }
      membership.isIn = false;
      wanted.push({
        stream,
        name,
        join: { type: "join", room: name, ...(key === undefined ? {} : { key }) },
      });
    }
    for (const room of entries.values()) this.entered(room, undefined);
    return { wanted, lost };
  }
}
