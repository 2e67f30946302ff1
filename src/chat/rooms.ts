import { lobby, type PersonId, type StreamId } from "./event.ts";
import { type Fold, foldName } from "./name.ts";
import { type Roles, Room } from "./room.ts";

const noRooms: ReadonlySet<Room> = new Set();

/** All rooms, found by stream and by name, and who is in which. */
export class Rooms {
  /** How names are told apart. */
  readonly fold: Fold;
  readonly lobby: Room;
  readonly #byStream = new Map<StreamId, Room>();
  readonly #byFold = new Map<string, Room>();
  /** Who is not here is in the lobby alone or nowhere: most people are. */
  readonly #ofPerson = new Map<PersonId, ReadonlySet<Room>>();
  readonly #lobbyOnly: ReadonlySet<Room>;

  constructor(fold: Fold = foldName) {
    this.fold = fold;
    this.lobby = new Room({
      stream: lobby,
      name: { shown: "#lobby", fold: "#lobby" },
      created: 0,
      founder: undefined,
      isLobby: true,
      fold,
    });
    this.#lobbyOnly = new Set([this.lobby]);
    this.add(this.lobby);
  }

  get size(): number {
    return this.#byStream.size;
  }

  /** In the order in which they were made. */
  all(): Iterable<Room> {
    return this.#byStream.values();
  }

  byStream(stream: StreamId): Room | undefined {
    return this.#byStream.get(stream);
  }

  /** The room that is meant by a stream's id, or by a name as somebody typed it, with its `#` or without. */
  find(text: string): Room | undefined {
    const name = text.startsWith("#") ? text : `#${text}`;
    return this.#byStream.get(text as StreamId) ?? this.#byFold.get(this.fold(name));
  }

  /** What somebody is in, in the order of coming in. */
  of(person: PersonId): ReadonlySet<Room> {
    return this.#ofPerson.get(person) ?? (this.lobby.members.has(person) ? this.#lobbyOnly : noRooms);
  }

  add(room: Room): void {
    this.#byStream.set(room.stream, room);
    this.#byFold.set(room.name.fold, room);
    for (const person of room.members.keys()) this.#noteMember(room, person);
  }

  /** The room is gone, with all who are in it. */
  remove(room: Room): void {
    for (const person of room.members.keys()) this.leave(room, person);
    this.#byStream.delete(room.stream);
    if (this.#byFold.get(room.name.fold) === room) this.#byFold.delete(room.name.fold);
  }

  rename(room: Room, name: Room["name"]): void {
    if (this.#byFold.get(room.name.fold) === room) this.#byFold.delete(room.name.fold);
    room.name = name;
    this.#byFold.set(name.fold, room);
  }

  /** Whether he is here is another matter: see `Room.came`. */
  join(room: Room, person: PersonId, roles: Roles): void {
    room.setMember(person, roles);
    room.invited.delete(person);
    this.#noteMember(room, person);
  }

  leave(room: Room, person: PersonId): void {
    room.removeMember(person);
    const rooms = this.#ofPerson.get(person);
    if (rooms !== undefined) this.#note(person, new Set([...rooms].filter((other) => other !== room)));
  }

  /** Whether another room has this name. */
  isTaken(fold: string, by?: Room): boolean {
    const other = this.#byFold.get(fold);
    return other !== undefined && other !== by;
  }

  #noteMember(room: Room, person: PersonId): void {
    const rooms = this.of(person);
    if (!rooms.has(room)) this.#note(person, new Set([...rooms, room]));
  }

  #note(person: PersonId, rooms: ReadonlySet<Room>): void {
    const isOrdinary = rooms.size === 0 || (rooms.size === 1 && rooms.has(this.lobby));
    if (isOrdinary) this.#ofPerson.delete(person);
    else this.#ofPerson.set(person, rooms);
  }
}
