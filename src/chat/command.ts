import type {
  CleanText,
  Instant,
  MessageId,
  NewEvent,
  PersonId,
  PresentAuthor,
  RetryKey,
  SpeechKind,
  StoredEvent,
} from "./event.ts";
import type { Ignored } from "./ignore-lists.ts";
import type { ModeChange } from "./mode.ts";
import type { Name } from "./name.ts";
import type { Refusal } from "./refusal.ts";
import type { MaskEntry, Roles, Room, Topic } from "./room.ts";
import type { RoomName } from "./room-name.ts";
import type { Person, SessionId, Traits } from "./roster.ts";

/** A message somebody wants to send; whom to is the command's matter. */
export interface Draft {
  /** The text of a `signal` may be empty. */
  readonly kind: SpeechKind | "signal";
  readonly text: string;
  readonly replyTo?: MessageId | undefined;
  readonly threadRoot?: MessageId | undefined;
  readonly clientTags?: string | undefined;
  readonly retry?: RetryKey | undefined;
  readonly form?: DraftForm | undefined;
}

/** What the door lets a text be, beside one line without formatting. */
export interface DraftForm {
  /** It may be of several lines, and longer for that. */
  readonly lines: boolean;
  readonly formatting: boolean;
}

/** How somebody comes in. */
export interface Entry {
  /** A new id, or the one that a token or a password proved. */
  readonly person: PersonId;
  readonly name: string;
  /** The account whose password or token was proved. */
  readonly account: string | undefined;
  readonly user: string;
  readonly host: string;
  readonly realName: string;
  readonly isBot: boolean;
  /** Why he is away; `undefined`: he is not. */
  readonly away: string | undefined;
  /** Whether the door stands in the lobby. */
  readonly lobby: boolean;
  /** Sessions that this one takes over from, those of the same device. */
  readonly replaces: readonly SessionId[];
}

/**
 * What may be asked of the chat. A room is named by its name, or by its stream.
 */
export type Command =
  | { readonly kind: "enter"; readonly entry: Entry }
  | { readonly kind: "leave" }
  | { readonly kind: "say"; readonly room: string; readonly draft: Draft }
  /** A private message, addressed by name. `toOneself`: whether that may be one's own. */
  | { readonly kind: "tell"; readonly to: string; readonly draft: Draft; readonly toOneself?: boolean }
  /** To have something passed on that is never kept, words or not: to a room, or to somebody (`@` and the name). */
  | { readonly kind: "signal"; readonly to: string; readonly text: string | undefined }
  /** To take a message back. */
  | { readonly kind: "remove"; readonly message: StoredEvent; readonly text: string }
  | Deed;

/** What may be asked for beside coming, going and speaking. */
export type Deed =
  /** Makes the room where there is none. */
  | { readonly kind: "join"; readonly room: string; readonly key: string | undefined }
  | { readonly kind: "part"; readonly room: string; readonly text: string }
  | { readonly kind: "topic"; readonly room: string; readonly text: string }
  | { readonly kind: "invite"; readonly room: string; readonly name: string }
  | { readonly kind: "kick"; readonly room: string; readonly name: string; readonly text: string }
  /** Those that may be are made, and why the others may not is told. */
  | { readonly kind: "modes"; readonly room: string; readonly changes: readonly ModeChange[] }
  | {
      readonly kind: "rename-room";
      readonly room: string;
      readonly name: string;
      /** Why. */
      readonly text?: string | undefined;
    }
  /** To be called otherwise. */
  | { readonly kind: "rename"; readonly name: string }
  /** `undefined`: to be back. */
  | { readonly kind: "away"; readonly text: string | undefined }
  | { readonly kind: "describe"; readonly realName: string }
  /** To be so, or not to be. Nobody becomes the server's operator by asking. */
  | { readonly kind: "traits"; readonly changes: readonly TraitChange[] }
  /** To be shown nothing that somebody says, or to be shown it again. */
  | { readonly kind: "ignore" | "unignore"; readonly name: string };

export interface TraitChange {
  readonly trait: keyof Traits;
  readonly on: boolean;
}

/** What deciding has at hand that the core must not make itself. */
export interface Circumstances {
  readonly at: Instant;
  /** The id that a message gets if it is accepted. */
  readonly id: MessageId;
  /** The stream of a room that is made. */
  readonly newStream: () => Room["stream"];
}

/** A change of mode that may be made, with all there is to know for it. */
export type MadeMode =
  | Extract<ModeChange, { kind: "flag" | "key" | "limit" }>
  /** `entry`: what is put on the list; `undefined`: it is taken off. */
  | (Extract<ModeChange, { kind: "mask" }> & { readonly entry: MaskEntry | undefined })
  | (Extract<ModeChange, { kind: "role" }> & { readonly target: PersonId });

/** What an event does to its room, when it is accepted. */
export type RoomEffect =
  | { readonly kind: "topic"; readonly topic: Topic | undefined }
  | { readonly kind: "kick"; readonly target: PersonId }
  | { readonly kind: "modes"; readonly changes: readonly MadeMode[] }
  | { readonly kind: "rename-room"; readonly name: RoomName };

/** What somebody changed about himself. */
type PersonChange =
  | { readonly kind: "away"; readonly text: string | undefined }
  | { readonly kind: "realName"; readonly text: string }
  /** What is otherwise than before. */
  | { readonly kind: "traits"; readonly changes: readonly TraitChange[] };

/** What a command comes to. Nothing is changed before `Chat.apply`. */
export type Decision =
  /** `others`: where several things were asked for at once, why the rest may not be. */
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly others?: readonly Refusal[] }
  | { readonly kind: "nothing" }
  /**
   * An event: to be appended to its stream, and seen once it is durable. `room`: `undefined` for a private message.
   * `others`: what of that which was asked for with it may not be.
   */
  | {
      readonly kind: "said";
      readonly event: NewEvent;
      readonly by: Person;
      readonly room: Room | undefined;
      readonly effect: RoomEffect | undefined;
      readonly others?: readonly Refusal[];
    }
  /** `room` or `person`: to whom it goes. */
  | {
      readonly kind: "signalled";
      readonly by: Person;
      readonly to: Room | Person;
      readonly text: CleanText | undefined;
    }
  /** `first`: the person was not here. `lobby`: is in the lobby from now on, and was not before. */
  | {
      readonly kind: "entered";
      readonly session: SessionId;
      readonly person: Person;
      readonly replaces: readonly SessionId[];
      readonly first: boolean;
      readonly lobby: Room | undefined;
    }
  /** `last`: the person is gone with it, out of the rooms that no account keeps. */
  | { readonly kind: "left"; readonly session: SessionId; readonly person: Person; readonly last: boolean }
  /** `room` is not known to the chat before where it is `created`. */
  | {
      readonly kind: "joined";
      readonly person: Person;
      readonly room: Room;
      readonly created: boolean;
      readonly roles: Roles;
    }
  | { readonly kind: "parted"; readonly person: Person; readonly room: Room; readonly text: string }
  | { readonly kind: "invited"; readonly room: Room; readonly by: Person; readonly to: Person }
  | {
      readonly kind: "renamed";
      readonly person: Person;
      readonly name: Name;
      readonly author: PresentAuthor;
      readonly from: PresentAuthor;
    }
  | { readonly kind: "changed"; readonly person: Person; readonly change: PersonChange }
  /** Ignores somebody (`name`) from now on, or not any more. `isHere`: he is here, or has an account. */
  | {
      readonly kind: "ignoring";
      readonly person: Person;
      readonly name: string;
      readonly on: boolean;
      readonly isHere: boolean;
      readonly entries: readonly Ignored[];
    };
