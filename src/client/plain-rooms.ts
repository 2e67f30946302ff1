import { isRoom, lobby } from "../chat/event.ts";
import { foldName } from "../chat/name.ts";
import type { Welcome } from "./order.ts";

/** What was asked for last that changes which room is looked at. */
interface Move {
  readonly kind: "join" | "part";
  /** As it was typed, or a stream. */
  readonly room: string;
  /** Where what is written meanwhile goes: a stream, or the name of a room. */
  readonly target: string | undefined;
}

/** The rooms that one is in, and which one is looked at: as the line door has it for who is at netcat. */
export class PlainRooms {
  readonly #names = new Map<string, string>();
  /** The stream of the one that is looked at; `undefined`: one is in none. */
  #current: string | undefined = lobby;
  #move: Move | undefined;

  /** The stream of the room that is looked at. */
  get current(): string | undefined {
    return this.#current;
  }

  get count(): number {
    return this.#names.size;
  }

  /** Where what is written goes: a stream, or the name of a room that one asks to be let into. */
  get target(): string | undefined {
    return this.#move === undefined ? this.#current : this.#move.target;
  }

  /** A connection is there; rooms that the server has forgotten are entered again, or lost. Returns those not known. */
  begin(welcome: Welcome): readonly string[] {
    if (Object.hasOwn(welcome.heads, lobby)) this.#add(lobby, "#lobby");
    const rooms = (welcome.rooms ?? []).map(({ room }) => room);
    const more = rooms.filter(({ stream }) => !this.#names.has(stream));
    for (const { stream, name } of more) this.#add(stream, name);
    return more.map(({ name }) => name);
  }

  lookAt(stream: string): void {
    this.#current = stream;
    this.#move = undefined;
  }

  /** One asks to be let into a room: what is written from now on may be meant for it. */
  joining(room: string): void {
    this.#move = { kind: "join", room, target: withSign(room) };
  }

  /** One asks to be let out of a room: what is written from now on is not meant for it. */
  leaving(room: string): void {
    const stream = this.#streamOf(room);
    if (room === this.target || stream === this.target) {
      this.#move = { kind: "part", room, target: this.#otherThan(stream) };
    }
  }

  /** What was asked for may not be. */
  refused(kind: Move["kind"], room: string): void {
    if (this.#move?.kind === kind && this.#move.room === room) this.#move = undefined;
  }

  /** `asked`: what one asked to be let into. */
  entered(room: { readonly stream: string; readonly name: string }, asked: string | undefined): void {
    this.#add(room.stream, room.name);
    if (asked === undefined) return;
    this.#current = room.stream;
    this.refused("join", asked);
  }

  /** A room that one was in was made anew. */
  replaced(before: string, stream: string): void {
    this.#names.delete(before);
    if (this.#current === before) this.#current = stream;
  }

  /** Where it was looked at, another one is. */
  left(stream: string): void {
    const { room = "" } = this.#move ?? {};
    if (this.#streamOf(room) === stream) this.refused("part", room);
    this.#names.delete(stream);
    if (this.#current === stream) this.#current = this.#otherThan(stream);
  }

  renamed(stream: string, name: string): void {
    if (this.#names.has(stream)) this.#names.set(stream, name);
  }

  has(stream: string): boolean {
    return this.#names.has(stream);
  }

  nameOf(stream: string): string | undefined {
    return this.#names.get(stream);
  }

  /** The stream of one of them, by its name as somebody typed it. */
  find(typed: string): string | undefined {
    const fold = foldName(withSign(typed));
    for (const [stream, name] of this.#names) if (foldName(name) === fold) return stream;
    return undefined;
  }

  /** What stands in front of a line from there. */
  before(stream: string): string {
    return stream === this.#current || !isRoom(stream) ? "" : `${this.#names.get(stream) ?? stream} `;
  }

  #add(stream: string, name: string): void {
    this.#names.set(stream, name);
    this.#current ??= stream;
  }

  #streamOf(room: string): string | undefined {
    return this.#names.has(room) ? room : this.find(room);
  }

  #otherThan(stream: string | undefined): string | undefined {
    const others = [...this.#names.keys()].filter((other) => other !== stream);
    return others.includes(lobby) ? lobby : others[0];
  }
}

function withSign(typed: string): string {
  return typed.startsWith("#") ? typed : `#${typed}`;
}
