import type { Instant, StreamId } from "../chat/event.ts";
import type { Room } from "../chat/room.ts";
import type { Person, SessionId } from "../chat/roster.ts";
import type { Clock } from "./clock.ts";
import type { Passing, RoomTell } from "./link.ts";

type Notice = Extract<RoomTell, { kind: "joined" | "left" }>;

/** People who came or went within a gathered second, in the same rooms. */
interface Gathered {
  readonly kind: Notice["kind"];
  readonly rooms: readonly StreamId[];
  readonly isGone: boolean;
  readonly people: Map<string, Passing>;
}

/** What is said to part, and whose sessions are not told the words. */
interface Words {
  readonly text?: string | undefined;
  readonly hiddenFrom?: readonly SessionId[] | undefined;
}

/** So many comings and goings a second are told one by one; more of them in one notice a second. */
const individuallyPerSecond = 20;
const windowMs = 1000;

/**
 * Tells rooms who comes and goes, without N² lines where thousands do. Somebody who comes and goes within the same
 * gathered second is not mentioned at all.
 */
export class PresenceNotices {
  readonly #clock: Clock;
  readonly #tell: (tell: RoomTell) => void;
  readonly #inOrder: (action: () => void) => void;
  /** Told since the window began; 0 when no window is open. */
  #told = 0;
  /** By `keyOf`. Told in this order: who comes back under the name of somebody who left is another person. */
  readonly #left = new Map<string, Gathered>();
  readonly #joined = new Map<string, Gathered>();

  /** `tell` hands a notice on; `inOrder` runs what a timer wants to tell in its place in the order. */
  constructor(
    clock: Clock,
    out: { readonly tell: (tell: RoomTell) => void; readonly inOrder: (action: () => void) => void },
  ) {
    this.#clock = clock;
    this.#tell = out.tell;
    this.#inOrder = out.inOrder;
  }

  /** `except`: the sessions of that person, which are told otherwise. */
  joined(person: Passing, where: { room: StreamId; except: readonly SessionId[]; at: Instant }): void {
    const { room, except, at } = where;
    this.#notice({
      kind: "joined",
      at,
      rooms: [room],
      people: [person],
      except,
      isGone: false,
      text: undefined,
    });
  }

  /** Out of a room, with parting words. */
  parted(
    person: Passing,
    where: { room: StreamId; except: readonly SessionId[]; at: Instant } & Words,
  ): void {
    const { room, except, at, text, hiddenFrom } = where;
    this.#notice({
      kind: "left",
      at,
      rooms: [room],
      people: [person],
      except,
      isGone: false,
      text,
      hiddenFrom,
    });
  }

  /** Not here any more; `rooms`: where that is to be known; `except`: sessions that are told otherwise. */
  left(
    person: Passing,
    where: { rooms: readonly StreamId[]; except: readonly SessionId[]; at: Instant } & Words,
  ): void {
    const { rooms, except, at, text, hiddenFrom } = where;
    if (rooms.length === 0) return;
    this.#notice({ kind: "left", at, rooms, people: [person], except, isGone: true, text, hiddenFrom });
  }

  #notice(notice: Notice): void {
    if (this.#told === 0) this.#openWindow();
    if (this.#told < individuallyPerSecond) {
      this.#told += 1;
      this.#tell(notice);
      return;
    }
    for (const person of notice.people) this.#gather(notice, person);
  }

  #gather({ kind, rooms, isGone }: Notice, person: Passing): void {
    const opposite = kind === "joined" ? this.#left : this.#joined;
    const told =
      opposite.size === 0
        ? rooms
        : rooms.filter((room) => {
            const ways = [opposite.get(keyOf([room], false)), opposite.get(keyOf([room], true))];
            return !ways.some((gathered) => gathered?.people.delete(person.id) === true);
          });
    if (told.length === 0) return;
    const same = kind === "joined" ? this.#joined : this.#left;
    const key = keyOf(told, isGone);
    let gathered = same.get(key);
    if (gathered === undefined) {
      gathered = { kind, rooms: told, isGone, people: new Map() };
      same.set(key, gathered);
    }
    gathered.people.set(person.id, person);
  }

  #openWindow(): void {
    this.#clock.after(windowMs, () => this.#inOrder(() => this.#endWindow()));
  }

  #endWindow(): void {
    this.#told = 0;
    for (const gathered of [...this.#left.values(), ...this.#joined.values()]) {
      const { kind, rooms, isGone, people } = gathered;
      if (people.size === 0) continue;
      this.#tell({
        kind,
        at: this.#clock.now(),
        rooms,
        people: [...people.values()],
        except: [],
        isGone,
        text: undefined,
      });
      this.#told += 1;
    }
    this.#left.clear();
    this.#joined.clear();
    // A gathered line is the one line of the second that it opens.
    if (this.#told > 0) {
      this.#told = individuallyPerSecond;
      this.#openWindow();
    }
  }
}

/** Who is out of a room and who is gone altogether are not told of in one notice. */
function keyOf(rooms: readonly StreamId[], isGone: boolean): string {
  return (isGone ? "gone " : "here ") + (rooms.length === 1 ? rooms[0]! : rooms.join(" "));
}

/** Somebody as others are told of him now. */
export function passing({ author, realName, away }: Person): Passing {
  return { ...author, realName, awayWords: away };
}

/** Somebody who comes back into a room, as what he was in it. */
export function comingBack(person: Person, room: Room): Passing {
  return { ...passing(person), roles: room.rolesOf(person.id) };
}
