import type { Instant, PersonId, StreamId } from "./event.ts";
import { type Fold, foldName } from "./name.ts";
import type { RoomName } from "./room-name.ts";
import { listOf, maxListedNames, type OnlineList, type Person } from "./roster.ts";

/** What somebody may be in a room: bits, since one may be several. A higher one outranks the lower ones. */
export const role = { voice: 1, halfOperator: 2, operator: 4, admin: 8, owner: 16 } as const;

export type RoleName = keyof typeof role;

/** Roles put together. */
export type Roles = number;

/**
 * How a room is run.
 * - `inviteOnly`: only who was invited comes in.
 * - `moderated`: only who has a voice or more speaks.
 * - `noOutside`: who is not in it cannot speak in it.
 * - `protectedTopic`: operators alone set the topic.
 * - `hidden`: who is not in it is not told that it exists.
 * - `accountsOnly`: only people with an account come in.
 * - `noCtcp`: programs are asked nothing by what is said in it.
 */
export type RoomFlag =
  | "inviteOnly"
  | "moderated"
  | "noOutside"
  | "protectedTopic"
  | "hidden"
  | "accountsOnly"
  | "noCtcp";

/** `bans`: who may not come in or speak. `exceptions`: who may all the same. `invitations`: who needs no invitation. */
export type MaskList = "bans" | "exceptions" | "invitations";

/** A mask on a list, and who put it there when. */
export interface MaskEntry {
  readonly mask: string;
  readonly by: string;
  readonly at: Instant;
}

export interface Topic {
  readonly text: string;
  /** The name of who set it, as it was shown then. */
  readonly by: string;
  readonly at: Instant;
}

/** So many invitations wait to be taken up; of more, the first are forgotten. */
export const maxInvited = 1000;

/** A place to talk: who is in it, and how it is run. What is said there is the stream's matter. */
export class Room {
  readonly stream: StreamId;
  readonly created: Instant;
  /** Never closed, and nobody owns it. */
  readonly isLobby: boolean;
  /** Whoever made it, where he has an account: may do what an owner may, whatever roles he has. */
  readonly founder: PersonId | undefined;
  /** How names and masks are told apart there. */
  readonly fold: Fold;
  name: RoomName;
  topic: Topic | undefined;
  key: string | undefined;
  /** At most so many may be in it. */
  limit: number | undefined;
  readonly flags: Set<RoomFlag> = new Set(["noOutside", "protectedTopic"]);
  readonly masks: Readonly<Record<MaskList, Map<string, MaskEntry>>> = {
    bans: new Map(),
    exceptions: new Map(),
    invitations: new Map(),
  };
  /** With what they are there. In the order in which they came; who has an account stays when he is not here. */
  readonly #members = new Map<PersonId, Roles>();
  /** Those who are something there. */
  readonly #ranked = new Set<PersonId>();
  /** Those of them who are here. */
  readonly #present = new Set<Person>();
  /** Their first names, kept because everybody who comes in is shown them; `undefined` after they changed. */
  #firstNames: readonly string[] | undefined;
  /** Since when nobody is in it. */
  emptySince: Instant | undefined;
  /** Who may come in once, whatever the room's rules. `invite` alone adds to it. */
  readonly invited: Set<PersonId> = new Set();

  constructor(what: {
    readonly stream: StreamId;
    readonly name: RoomName;
    readonly created: Instant;
    readonly founder: PersonId | undefined;
    readonly isLobby?: boolean;
    readonly fold?: Fold;
  }) {
    this.stream = what.stream;
    this.name = what.name;
    this.created = what.created;
    this.founder = what.founder;
    this.isLobby = what.isLobby ?? false;
    this.fold = what.fold ?? foldName;
  }

  get members(): ReadonlyMap<PersonId, Roles> {
    return this.#members;
  }

  /** Those members who have roles. */
  get ranked(): ReadonlySet<PersonId> {
    return this.#ranked;
  }

  /** Makes somebody a member, or one with other roles. */
  setMember(person: PersonId, roles: Roles): void {
    this.#members.set(person, roles);
    if (roles === 0) this.#ranked.delete(person);
    else this.#ranked.add(person);
  }

  removeMember(person: PersonId): void {
    this.#members.delete(person);
    this.#ranked.delete(person);
  }

  /** Somebody may come in once. */
  invite(person: PersonId): void {
    this.invited.add(person);
    if (this.invited.size <= maxInvited) return;
    const [first] = this.invited;
    if (first !== undefined) this.invited.delete(first);
  }

  get present(): ReadonlySet<Person> {
    return this.#present;
  }

  came(person: Person): void {
    this.#present.add(person);
    if (this.#present.size <= maxListedNames) this.#firstNames = undefined;
  }

  /** Whether he is still a member is another matter. */
  went(person: Person): void {
    if (this.#present.delete(person)) this.#firstNames = undefined;
  }

  /** Somebody in it is called otherwise. */
  renamed(): void {
    this.#firstNames = undefined;
  }

  /** Who is here, in the order of coming in, of those whose names begin so; everybody for an empty one. */
  people(beginning = ""): OnlineList {
    if (beginning !== "") return listOf(this.#present, beginning, this.fold);
    this.#firstNames ??= [...this.#present.values().take(maxListedNames)].map(({ name }) => name.shown);
    return { count: this.#present.size, names: this.#firstNames };
  }

  /** What somebody is there, as others are shown it. */
  rolesOf(person: PersonId): Roles {
    return this.#members.get(person) ?? 0;
  }

  /** What somebody may do there what one of these roles may. */
  powerOf(person: PersonId): Roles {
    const roles = this.rolesOf(person);
    return person === this.founder ? roles | role.owner : roles;
  }
}

const closing: readonly RoomFlag[] = ["inviteOnly", "accountsOnly", "hidden"];

/** Whether a room is not open to whoever comes. */
export function isClosed(room: Room): boolean {
  return room.key !== undefined || closing.some((flag) => room.flags.has(flag));
}

/** Whether who has these roles has at least this one. */
export function ranks(roles: Roles, least: RoleName): boolean {
  return roles >= role[least];
}
