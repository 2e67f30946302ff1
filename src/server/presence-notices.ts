import type { Instant } from "../chat/event.ts";
import { maxListedNames, type Person, type SessionId } from "../chat/roster.ts";
import type { Clock } from "./clock.ts";
import type { RoomTell } from "./link.ts";

type Named = Extract<RoomTell, { kind: "joined" | "left" }>["people"][number];

/** So many comings and goings a second are told one by one; more of them in one line a second. */
const individuallyPerSecond = 20;
const windowMs = 1000;

/**
 * Tells the room who comes and goes, without N² lines where thousands do. Somebody who comes and goes within
 * the same gathered second is not mentioned at all.
 */
export class PresenceNotices {
  readonly #clock: Clock;
  readonly #tell: (tell: RoomTell) => void;
  readonly #inOrder: (action: () => void) => void;
  /** Told since the window began; 0 when no window is open. */
  #told = 0;
  readonly #joined = new Map<string, Named>();
  readonly #left = new Map<string, Named>();

  /** `tell` hands a notice on; `inOrder` runs what a timer wants to tell in its place in the order. */
  constructor(
    clock: Clock,
    out: { readonly tell: (tell: RoomTell) => void; readonly inOrder: (action: () => void) => void },
  ) {
    this.#clock = clock;
    this.#tell = out.tell;
    this.#inOrder = out.inOrder;
  }

  joined(person: Person, session: SessionId, at: Instant): void {
    this.#notice("joined", person, { except: session, at });
  }

  left(person: Person, at: Instant): void {
    this.#notice("left", person, { except: undefined, at });
  }

  #notice(
    kind: "joined" | "left",
    person: Person,
    how: { except: SessionId | undefined; at: Instant },
  ): void {
    if (this.#told === 0) this.#openWindow();
    if (this.#told < individuallyPerSecond) {
      this.#told += 1;
      const people = [{ id: person.id, name: person.name.shown }];
      this.#tell({ kind, at: how.at, people, count: 1, except: how.except });
      return;
    }
    const [same, opposite] = kind === "joined" ? [this.#joined, this.#left] : [this.#left, this.#joined];
    if (!opposite.delete(person.id)) same.set(person.id, { id: person.id, name: person.name.shown });
  }

  #openWindow(): void {
    this.#clock.after(windowMs, () => this.#inOrder(() => this.#endWindow()));
  }

  #endWindow(): void {
    this.#told = 0;
    const gathered = [
      // Who comes back under the name of somebody who left is another person: the leaving was before.
      ["left", this.#left],
      ["joined", this.#joined],
    ] as const;
    for (const [kind, people] of gathered) {
      if (people.size === 0) continue;
      const first = [...people.values().take(maxListedNames)];
      this.#tell({ kind, at: this.#clock.now(), people: first, count: people.size, except: undefined });
      people.clear();
      this.#told += 1;
    }
    // A gathered line is the one line of the second that it opens.
    if (this.#told > 0) {
      this.#told = individuallyPerSecond;
      this.#openWindow();
    }
  }
}
