import type { WireEvent } from "../protocols/websocket/messages.ts";
import type { EngineEvent, ServerOf } from "./engine-event.ts";
import type { Intake } from "./intake.ts";
import { Memberships, type Wanted } from "./memberships.ts";
import type { Welcome } from "./order.ts";
import type { Ask, Join, Outbox } from "./outbox.ts";

export interface RoomsOptions {
  readonly tell: (event: EngineEvent) => void;
  readonly intake: Intake;
  readonly outbox: Outbox;
  readonly nextRequest: () => number;
}

/** Takes one into rooms and out of them, as the server says, and back into those that it has forgotten. */
export class Rooms {
  readonly #options: RoomsOptions;
  readonly #memberships = new Memberships();
  /** The rooms that are asked for again, by their requests. */
  readonly #wanted = new Map<number, Wanted>();

  constructor(options: RoomsOptions) {
    this.#options = options;
  }

  nameOf(stream: string): string | undefined {
    return this.#memberships.nameOf(stream);
  }

  /** A connection begins: into the rooms that the server has forgotten, before anything else. */
  begin(welcome: Welcome): void {
    const { outbox, nextRequest } = this.#options;
    const { wanted, lost } = this.#memberships.begin(welcome);
    for (const room of lost) this.#lose(room, undefined);
    this.#wanted.clear();
    const joins = wanted.map((room): Join => {
      const request = nextRequest();
      this.#wanted.set(request, room);
      return { ...room.join, request };
    });
    outbox.joinAgain(joins);
  }

  /** `ask`: what it answers. */
  entered({ at, request = 0, entry }: ServerOf<"room-entered">, ask: Ask | undefined): void {
    const { intake, tell } = this.#options;
    const { stream } = entry.room;
    const wanted = this.#wanted.get(request);
    const known = this.#memberships.nameOf(stream) === undefined ? undefined : stream;
    const before = wanted?.stream ?? known;
    const { continued, go } = intake.enter(entry);
    const join = ask?.type === "join" ? ask : undefined;
    this.#memberships.entered(entry.room, join?.key);
    if (before !== undefined && before !== stream) {
      this.#memberships.left(before);
      intake.leave(before);
    }
    tell({
      kind: "room-entered",
      at,
      entry,
      ask: wanted === undefined ? join : undefined,
      before,
      continued,
    });
    go();
  }

  left({ at, stream, name, why, text }: ServerOf<"room-left">): void {
    this.#memberships.left(stream);
    this.#options.intake.leave(stream);
    this.#options.tell({ kind: "room-left", at, stream, name, why, text });
  }

  /** `false`: what is refused was not asked here. */
  refused({ request = 0, reason, text }: ServerOf<"refused">): boolean {
    const wanted = this.#wanted.get(request);
    if (wanted === undefined) return false;
    // Another device of the same person was sooner.
    if (reason !== "already-in-room") this.#lose(wanted, text);
    return true;
  }

  event({ stream, kind, text }: WireEvent): void {
    if (kind === "room-name") this.#memberships.renamed(stream, text);
  }

  #lose({ stream, name }: Omit<Wanted, "join">, text: string | undefined): void {
    this.#memberships.left(stream);
    this.#options.intake.leave(stream);
    this.#options.tell({ kind: "room-lost", stream, name, text });
  }
}
