import { isRoom, lobby } from "../chat/event.ts";
import { foldName } from "../chat/name.ts";
import { ClientState, type Found } from "../client/state/client-state.ts";
import type { CommandName } from "../protocols/line/commands.ts";
import type { ServerMessage, WireEvent } from "../protocols/websocket/messages.ts";
import { WebPlace } from "./web-place.ts";

/** What is asked for before one is in. */
export type Entry =
  | { readonly kind: "name"; readonly problem: string }
  | { readonly kind: "password"; readonly account: string; readonly problem: string };

/** What lies above the rest of the page. */
export type Dialog =
  | { readonly kind: "settings" | "switch" | "join" }
  /** `topic`: the command that it is about. */
  | { readonly kind: "help"; readonly topic: CommandName | undefined }
  | { readonly kind: "search"; readonly query: string }
  | { readonly kind: "person"; readonly name: string };

/** The parts that are drawers on a narrow page. */
export type Drawer = "rooms" | "people";

type WireRoom = Extract<ServerMessage, { readonly type: "rooms" }>["rooms"][number];

/** All that the page shows. */
export class WebState extends ClientState<WebPlace> {
  readonly invitationHint = "Its name is among your rooms";
  entry: Entry | undefined = { kind: "name", problem: "" };
  dialog: Dialog | undefined;
  drawer: Drawer | undefined;
  found: Found | undefined;
  /** The rooms that there are, as they were listed last. */
  listed: readonly WireRoom[] = [];
  /** Whether a search has been asked for and not been answered. */
  isSearching = false;
  /** Whether somebody looks at the page. */
  here = true;
  /** Whether there is a network, as far as the browser knows. */
  isOnline = true;
  /** What ended the conversation for good, if anything did. */
  ended: string | undefined;
  /** The message that is pointed at, by its id, for a moment. */
  pointedAt: string | undefined;

  override newPlace(name: string, stream?: string): WebPlace {
    return new WebPlace(name, { stream, isPrivate: false });
  }

  override sees(place: WebPlace): boolean {
    return this.here && place === this.current && place.scrolled === undefined;
  }

  override placeWith(name: string): WebPlace {
    const known = this.places.find(({ partner }) => partner && foldName(partner) === foldName(name));
    if (known !== undefined) return known;
    const place = new WebPlace(name, { isPrivate: true });
    this.add(place);
    return place;
  }

  override placeOfPrivate({ stream, from, to }: WireEvent): WebPlace {
    const other = from.id === this.me.id && to !== undefined ? to : from;
    const place = this.placeAt(stream) ?? this.placeWith(other.name);
    place.name = other.name;
    place.conversation.stream = stream;
    return place;
  }

  override placeReading(stream: string): WebPlace | undefined {
    return this.placeAt(stream);
  }

  override headsAtHome(heads: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
    const head = heads[lobby];
    return head === undefined ? {} : { [lobby]: head };
  }

  override cameIn(): void {
    this.entry = undefined;
  }

  override showHelp(topic: CommandName | undefined): void {
    this.dialog = { kind: "help", topic };
  }

  override showFound(found: Found): void {
    this.found = found;
    if (this.dialog?.kind !== "search") this.dialog = { kind: "search", query: found.query };
  }

  override lookAt(place: WebPlace): void {
    super.lookAt(place);
    this.drawer = undefined;
    if (this.sees(place)) this.seen(place);
  }

  /** What is new there has been seen. */
  seen(place: WebPlace): void {
    place.unread = 0;
    place.mentions = 0;
  }

  /** The rooms, and the private conversations. */
  get rooms(): readonly WebPlace[] {
    return this.places.filter(({ partner }) => partner === undefined);
  }

  get conversations(): readonly WebPlace[] {
    return this.places.filter(({ partner }) => partner !== undefined);
  }

  /** How much is new in all rooms. */
  get unreadInAll(): number {
    return this.places.reduce((sum, { unread }) => sum + unread, 0);
  }

  /** Whether a stream is one of a private conversation of which nothing is shown yet. */
  isUnknownPrivate(stream: string): boolean {
    return !isRoom(stream) && this.placeAt(stream) === undefined;
  }
}
