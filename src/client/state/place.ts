import { foldName } from "../../chat/name.ts";
import type { WireEntry, WireEvent } from "../../protocols/websocket/messages.ts";
import { Conversation } from "./conversation.ts";
import { Roster } from "./roster.ts";

/** A room as it is shown: what was said there, who is there, and what one was about to say. */
export abstract class Place {
  name: string;
  /** Whether one is in it, has asked to be let in, or is out of it again. */
  standing: "in" | "asked" | "out" = "asked";
  readonly conversation: Conversation;
  readonly roster = new Roster();
  topic = "";
  /** What is typed and not said yet. */
  abstract draft: string;
  /** What the next message answers. */
  reply: WireEvent | undefined;
  /** Messages that came while one was elsewhere on the screen or in the world. */
  unread = 0;
  mentions = 0;
  loading = false;

  /** `stream`: not known of a room that one asks to be let into. */
  constructor(name: string, stream?: string) {
    this.name = name;
    this.conversation = new Conversation(stream);
  }

  get stream(): string | undefined {
    return this.conversation.stream;
  }

  /** How it is named where something is asked of it. */
  get address(): string {
    return this.stream ?? this.name;
  }

  /** Whom alone one talks with there; `undefined`: it is a room. */
  get partner(): string | undefined {
    return undefined;
  }

  isCalled(typed: string): boolean {
    return foldName(this.name) === foldName(typed.startsWith("#") ? typed : `#${typed}`);
  }

  /** One is in it, as of now. */
  enter({ room, online }: Pick<WireEntry, "room" | "online">): void {
    this.standing = "in";
    this.name = room.name;
    this.conversation.stream = room.stream;
    this.topic = room.topic?.text ?? "";
    this.roster.set(online);
    this.roster.setStaff(room.staff);
  }

  /** Shows the last messages of it, and nothing else that was said there. */
  begin({ room, recent, head }: WireEntry, me: string): void {
    this.conversation.begin(recent, { heads: { [room.stream]: head }, me });
  }
}
