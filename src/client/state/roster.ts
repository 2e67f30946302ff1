import { foldName } from "../../chat/name.ts";
import type { Roles } from "../../chat/room.ts";
import type { OnlineList } from "../../protocols/websocket/messages.ts";

/** Who is in a room: the names that are known, what they are there, and how many people there are. */
export class Roster {
  #names = new Map<string, string>();
  #roles = new Map<string, Roles>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Who runs the room first, then in the order of the alphabet. */
  get names(): readonly string[] {
    const rank = (fold: string): number => this.#roles.get(fold) ?? 0;
    return [...this.#names]
      .sort(([one], [other]) => rank(other) - rank(one) || (one < other ? -1 : 1))
      .map(([, name]) => name);
  }

  has(name: string): boolean {
    return this.#names.has(foldName(name));
  }

  rolesOf(name: string): Roles {
    return this.#roles.get(foldName(name)) ?? 0;
  }

  set(online: OnlineList): void {
    this.#names = new Map(online.names.map((name) => [foldName(name), name]));
    this.#count = Math.max(online.count, this.#names.size);
  }

  setStaff(staff: readonly { readonly name: string; readonly roles: Roles }[]): void {
    this.#roles = new Map(staff.map(({ name, roles }) => [foldName(name), roles]));
  }

  /** Gives a role, or takes it. */
  change(name: string, roles: Roles, on: boolean): void {
    const before = this.rolesOf(name);
    const after = on ? before | roles : before & ~roles;
    if (after === 0) this.#roles.delete(foldName(name));
    else this.#roles.set(foldName(name), after);
  }

  joined(names: readonly string[], count: number): void {
    for (const name of names) this.#names.set(foldName(name), name);
    this.#count = Math.max(this.#count + count, this.#names.size);
  }

  left(names: readonly string[], count: number): void {
    for (const name of names) {
      this.#names.delete(foldName(name));
      this.#roles.delete(foldName(name));
    }
    this.#count = Math.max(this.#count - count, this.#names.size);
  }

  renamed(from: string, to: string): void {
    const roles = this.rolesOf(from);
    this.#roles.delete(foldName(from));
    this.#names.delete(foldName(from));
    this.#names.set(foldName(to), to);
    this.change(to, roles, true);
  }
}
