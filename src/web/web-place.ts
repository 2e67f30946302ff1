import { foldName } from "../chat/name.ts";
import { Place } from "../client/state/place.ts";

/** Where somebody has scrolled to: which item stands how many pixels below the upper edge of the list. */
export interface ScrollPlace {
  readonly serial: number;
  readonly offset: number;
}

/** A room, or a private conversation, in the browser. */
export class WebPlace extends Place {
  draft = "";
  /** `undefined`: at the end, and to stay there. */
  scrolled: ScrollPlace | undefined;
  readonly #isPrivate: boolean;

  /** `isPrivate`: `name` is that of the other one. */
  constructor(name: string, options: { readonly stream?: string | undefined; readonly isPrivate: boolean }) {
    super(name, options.stream);
    this.#isPrivate = options.isPrivate;
    if (options.isPrivate) this.standing = "in";
  }

  override get partner(): string | undefined {
    return this.#isPrivate ? this.name : undefined;
  }

  override get address(): string {
    return this.#isPrivate ? `@${this.name}` : super.address;
  }

  override isCalled(typed: string): boolean {
    if (!this.#isPrivate) return super.isCalled(typed);
    return typed.startsWith("@") && foldName(typed.slice(1)) === foldName(this.name);
  }

  /** Under which what belongs to it is kept in the browser. */
  get key(): string {
    return this.stream ?? this.address;
  }
}
