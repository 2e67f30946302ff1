import type { Deed } from "../chat/command.ts";
import type {
  Author,
  Instant,
  MessageId,
  PresentAuthor,
  SpeechKind,
  StoredEvent,
  StreamId,
} from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { MaskEntry, MaskList, Roles, Topic } from "../chat/room.ts";
import type { OnlineList, SessionId } from "../chat/roster.ts";
import type { CommandName } from "../protocols/line/commands.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Page } from "../storage/store.ts";
import type { Address } from "./address.ts";
import type { ScramCredentials } from "./scram.ts";

/**
 * What passes between the side that holds the sockets (the front) and the side that decides (the hub): batches
 * of plain data, both ways, so that the two can live on different threads. Nothing here is a function, a class
 * instance or a shared object that either side changes.
 */

export type Door = "line" | "websocket" | "irc";

/** Per stream the highest number that was seen, or that exists. */
export type Seen = ReadonlyMap<StreamId, number>;

/** What a client says it saw, in which epoch of the store. */
interface SeenAt {
  readonly epoch: string;
  readonly seen: Seen;
}

/** What a reply belongs to: a counter or request of the websocket door, or which command asked on the line door. */
export type Tag =
  | { readonly counter: number }
  | { readonly request: number }
  /** `/since`: the messages after this number, with theirs. */
  | { readonly after: number }
  | "list"
  | "history"
  | "deed"
  | "sign-in"
  /** One of the IRC door's, which knows what it belongs to. */
  | { readonly irc: number };

/** From the front: what connections did and ask for, in the order of each connection. */
export type Ask =
  | { readonly kind: "opened"; readonly session: SessionId; readonly address: Address }
  | {
      readonly kind: "enter";
      readonly session: SessionId;
      readonly tag?: Tag | undefined;
      readonly door: Door;
      readonly name: string;
      /** IRC's `user`, and what somebody says of himself. */
      readonly user: string;
      readonly realName: string;
      readonly token: string | undefined;
      readonly position: SeenAt | undefined;
    }
  /** To a room by its name or stream, or `@` and a person's name. */
  | {
      readonly kind: "send";
      readonly session: SessionId;
      /** Without a counter. */
      readonly tag?: Tag | undefined;
      readonly to: string;
      readonly speech: SpeechKind;
      readonly text: string;
      readonly replyTo: MessageId | undefined;
      readonly threadRoot: MessageId | undefined;
      /** Of a device's send: makes a retry harmless, and comes back with the answer. */
      readonly counter: number | undefined;
    }
  /** To have an account under the name that one has. Where one is not in yet: under this name. */
  | {
      readonly kind: "register";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly name: string | undefined;
      readonly password: string;
      readonly email: string | undefined;
      /** What to call the device that is to stay signed in. */
      readonly device?: string | undefined;
    }
  /** To be somebody who has an account; before coming in or while being here. */
  | {
      readonly kind: "sign-in";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly proof: Proof;
      /** As in `register`. */
      readonly device?: string | undefined;
    }
  /** The devices on which one is signed in, or to sign one of them out. */
  | {
      readonly kind: "devices";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly revoke: string | undefined;
    }
  /** What SCRAM needs to know of an account, whether there is one or not. */
  | {
      readonly kind: "scram";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly account: string;
    }
  | { readonly kind: "do"; readonly session: SessionId; readonly tag: Tag | undefined; readonly deed: Deed }
  | { readonly kind: "look"; readonly session: SessionId; readonly tag: Tag; readonly query: Query }
  | {
      readonly kind: "history";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly stream: string;
      /** The events after this number; otherwise the last ones before `before`, or before the head. */
      readonly after: number | undefined;
      readonly before: number | undefined;
      readonly limit: number | undefined;
    }
  /** A reader that fell behind, or resumes, can take more: what comes after these numbers. */
  | { readonly kind: "catch-up"; readonly session: SessionId; readonly seen: Seen }
  /** The door's own words to its person, to come in order with everything else that was asked. */
  | { readonly kind: "note"; readonly session: SessionId; readonly note: Note }
  /** The connection is closed, or (`finished`) its person said all there was to say and awaits the rest. */
  | {
      readonly kind: "closed";
      readonly session: SessionId;
      readonly finished: boolean;
      readonly why: string | undefined;
      /** Parting words. */
      readonly text?: string | undefined;
    };

/** What shows that somebody is who he says. */
export type Proof =
  | { readonly kind: "password"; readonly account: string; readonly password: string }
  /** The door has seen the proof itself, or (`isProved: false`) that there is none: a wrong guess. */
  | { readonly kind: "scram"; readonly account: string; readonly isProved: boolean };

/** What may be asked without changing anything. A room is named by its name or stream. */
export type Query =
  /** Who of a room is here; of those whose names begin so, where `beginning` is not empty. */
  | { readonly kind: "people"; readonly room: string; readonly beginning: string }
  /** The rooms that one may know of; of those such as are wanted. */
  | { readonly kind: "rooms"; readonly wanted?: WantedRooms | undefined }
  /** The rooms that one is invited to. */
  | { readonly kind: "invitations" }
  | { readonly kind: "room"; readonly room: string }
  /** Somebody who is here. */
  | { readonly kind: "person"; readonly name: string }
  /** Who of a room is here, each with what there is to know. */
  | { readonly kind: "members"; readonly room: string }
  /** Who is here by a mask of name, `user`, host, words of his own and account; those that one may know of. */
  | { readonly kind: "people-like"; readonly mask: string; readonly isOperator: boolean }
  /** Who of these names is here. */
  | { readonly kind: "named"; readonly names: readonly string[] }
  | { readonly kind: "masks"; readonly room: string; readonly list: MaskList }
  /** Who was called so and is gone, the last first. */
  | { readonly kind: "gone"; readonly name: string }
  /** How many there are of what. */
  | { readonly kind: "counts" };

/** Which rooms are wanted: those for which all of this is true. */
export interface WantedRooms {
  /** Their names are as one of these masks says. */
  readonly masks?: readonly string[] | undefined;
  /** Their names are not as any of these says. */
  readonly notMasks?: readonly string[] | undefined;
  /** Bounds that are not reached themselves: of the people who are here, and of when they were made. */
  readonly people?: Bounds | undefined;
  readonly created?: Bounds | undefined;
  /** When their topics were set, for those that have one. */
  readonly topicSet?: Bounds | undefined;
}

export interface Bounds {
  readonly above?: number | undefined;
  readonly below?: number | undefined;
}

export type Answer =
  | { readonly kind: "people"; readonly room: RoomTag; readonly online: OnlineList }
  /** By how many people are in them, the most first; above the cap only the first. */
  | { readonly kind: "rooms"; readonly count: number; readonly rooms: readonly RoomSummary[] }
  | { readonly kind: "invitations"; readonly rooms: readonly RoomTag[] }
  | { readonly kind: "room"; readonly room: RoomView }
  | { readonly kind: "person"; readonly person: PersonView }
  | { readonly kind: "devices"; readonly devices: readonly SignedInDevice[] }
  | {
      readonly kind: "members";
      readonly room: RoomTag;
      readonly isHidden: boolean;
      readonly members: readonly RoomMember[];
    }
  | { readonly kind: "people-like"; readonly people: readonly PersonView[] }
  | { readonly kind: "named"; readonly people: readonly (PersonView | undefined)[] }
  | {
      readonly kind: "masks";
      readonly room: RoomTag;
      readonly list: MaskList;
      readonly masks: readonly MaskEntry[];
    }
  | { readonly kind: "gone"; readonly people: readonly GonePerson[] }
  | {
      readonly kind: "counts";
      readonly people: number;
      readonly operators: number;
      readonly rooms: number;
      readonly most: number;
    };

/** A device on which one is signed in. `isOwn`: this one. */
export interface SignedInDevice {
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  readonly isOwn: boolean;
}

/** Somebody in a room, as the other members see him. */
export interface RoomMember extends Present {
  readonly roles: Roles;
  readonly away: boolean;
  readonly isOperator: boolean;
}

/** Somebody who was here. */
export interface GonePerson extends Present {
  readonly at: Instant;
}

/** Which room it is. */
export interface RoomTag {
  readonly stream: StreamId;
  /** With its `#`, as it is shown. */
  readonly name: string;
}

/** A room in a list. */
export interface RoomSummary extends RoomTag {
  /** How many are here. */
  readonly people: number;
  readonly topic: string;
}

/** How a room is run. */
export interface RoomView extends RoomTag {
  readonly topic: Topic | undefined;
  readonly created: Instant;
  /** The letters of IRC without a sign: `nt`. */
  readonly modes: string;
  /** For its members alone. */
  readonly key: string | undefined;
  readonly limit: number | undefined;
  /** Who has which roles, beside those who have none; those who are here. */
  readonly staff: readonly { readonly name: string; readonly roles: Roles }[];
  readonly people: number;
}

/** Somebody who is here, as everybody may know of him. */
export interface PersonView {
  readonly author: PresentAuthor;
  readonly realName: string;
  readonly away: string | undefined;
  readonly isOperator: boolean;
  readonly since: Instant;
  readonly lastSpoke: Instant;
  /** Those that the asker may know of. */
  readonly rooms: readonly { readonly name: string; readonly roles: Roles }[];
}

/** Somebody who comes or goes. */
export interface Present extends PresentAuthor {
  readonly realName: string;
}

/** A room that somebody is in from now on. */
export interface RoomEntry {
  readonly room: RoomView;
  /** Whether nobody was in it before. */
  readonly created: boolean;
  readonly roles: Roles;
  readonly online: OnlineList;
  /** Who is here, for who wants to know of each: IRC's NAMES. */
  readonly members: readonly RoomMember[] | undefined;
  /** Its last messages. */
  readonly recent: readonly StoredEvent[];
  /** What counts as seen: live is what comes after. */
  readonly head: number;
}

/** What a door answers by itself. */
export type Note =
  | { readonly kind: "help"; readonly topic: CommandName | undefined }
  | { readonly kind: "usage"; readonly command: CommandName }
  | { readonly kind: "unknown-command"; readonly command: string }
  | { readonly kind: "unfinished-line" }
  /** What one writes goes there from now on. */
  | { readonly kind: "looking-at"; readonly room: string }
  | { readonly kind: "refused"; readonly refusal: Refusal; readonly tag: Tag | undefined }
  /** What the IRC door has ready, in its place. */
  | { readonly kind: "irc"; readonly id: number };

/** From the hub: what becomes visible, to whom, in order. */
export type Tell = CommonTell | PersonalTell;

/** What concerns every front. */
export type CommonTell =
  | RoomTell
  /** Stop reading from all connections, or go on: the journal is behind. */
  | { readonly kind: "hold" }
  | { readonly kind: "release" };

/** To everybody in a room, or in one of several, whose session is live; to each session once. */
export type RoomTell =
  /** In the room that is its stream. `speaker` is answered by an `ack` instead. */
  | { readonly kind: "event"; readonly event: StoredEvent; readonly speaker: SessionId | undefined }
  | {
      readonly kind: "joined" | "left";
      readonly at: Instant;
      /** Several where somebody goes altogether; who is in one of them is told, once. */
      readonly rooms: readonly StreamId[];
      readonly people: readonly Present[];
      /** Who is told otherwise: the sessions of the one who comes or goes. */
      readonly except: readonly SessionId[];
      /** Whether they are not here any more, rather than out of one room. */
      readonly isGone: boolean;
      /** Parting words of one. */
      readonly text: string | undefined;
    }
  /** Somebody in these rooms is called otherwise from now on. */
  | {
      readonly kind: "renamed";
      readonly at: Instant;
      readonly rooms: readonly StreamId[];
      readonly from: Author;
      readonly person: PresentAuthor;
      readonly except: readonly SessionId[];
    }
  /** To everybody who is live, with the head of the lobby. */
  | { readonly kind: "heartbeat"; readonly at: Instant; readonly heads: Seen }
  /** Somebody in these rooms is signed in from now on, or no longer, or says something else of himself. */
  | {
      readonly kind: "person";
      readonly at: Instant;
      readonly rooms: readonly StreamId[];
      readonly what: "account" | "away" | "real-name";
      readonly person: Present;
      readonly away: string | undefined;
      readonly except: readonly SessionId[];
    }
  /** Somebody invites somebody to this room. */
  | {
      readonly kind: "invitation";
      readonly at: Instant;
      readonly room: StreamId;
      readonly by: PresentAuthor;
      readonly name: string;
      /** Both of them, who are told otherwise. */
      readonly except: readonly SessionId[];
    }
  /** The head of a room that moved since the last heartbeat. */
  | { readonly kind: "room-head"; readonly at: Instant; readonly room: StreamId; readonly head: number };

/** To one session. */
export type PersonalTell =
  | {
      readonly kind: "entered";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly person: PresentAuthor;
      readonly token: string;
      readonly epoch: string;
      /** Taken up where its position says: it is not live before it has asked to catch up. */
      readonly resumed: boolean;
      readonly gone: readonly Gone[];
      /** What counts as seen by this session when it starts. */
      readonly seen: Seen;
      readonly heads: Seen;
      /** What its person is in, the lobby first where he is in it. Without `recent` where it is resumed. */
      readonly rooms: readonly RoomEntry[];
      readonly at: Instant;
    }
  /** Its person has come into a room. `tag`: where this session asked for it. */
  | {
      readonly kind: "room-entered";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly entry: RoomEntry;
    }
  /** Its person is not in a room any more. After the words to the room, which it is shown as well. */
  | {
      readonly kind: "room-left";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly room: RoomTag;
      readonly why: "parted" | "removed" | "closed";
      readonly text: string;
    }
  /** Signed in. `isNew`: the account was made. */
  | {
      readonly kind: "signed-in";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly account: string;
      readonly isNew: boolean;
      /** Keeps the device signed in. */
      readonly token?: string | undefined;
    }
  /** The answer to `scram`. */
  | {
      readonly kind: "scram";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly credentials: ScramCredentials;
    }
  | {
      readonly kind: "own-name";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly from: Author;
      readonly person: PresentAuthor;
    }
  | {
      readonly kind: "invited";
      readonly session: SessionId;
      readonly at: Instant;
      readonly room: RoomTag;
      readonly by: PresentAuthor;
    }
  /** What was asked for is done, and nobody else is told. */
  | {
      readonly kind: "done";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly done: Done;
    }
  /** The heads of what this session's person reads beside the lobby, as far as they moved. */
  | {
      readonly kind: "heads";
      readonly session: SessionId;
      readonly at: Instant;
      readonly heads: Seen;
    }
  | { readonly kind: "private"; readonly session: SessionId; readonly event: StoredEvent }
  | {
      readonly kind: "ack";
      readonly session: SessionId;
      readonly event: StoredEvent;
      readonly tag: Tag | undefined;
      /** What of that which was asked for with it may not be. */
      readonly others?: readonly Refusal[] | undefined;
    }
  | {
      readonly kind: "refused";
      readonly session: SessionId;
      readonly at: Instant;
      readonly refusal: Refusal;
      readonly tag: Tag | undefined;
      /** Where several things were asked for at once, why the rest may not be. */
      readonly others?: readonly Refusal[] | undefined;
    }
  | {
      readonly kind: "answer";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag;
      readonly answer: Answer;
    }
  | {
      readonly kind: "page";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag;
      readonly stream: StreamId;
      readonly page: Page;
    }
  /** A part of what a session missed. After the last part it is live. */
  | {
      readonly kind: "missed";
      readonly session: SessionId;
      readonly events: readonly StoredEvent[];
      readonly gone: readonly Gone[];
      readonly seen: Seen;
      /** With the last part: who is in its rooms now. */
      readonly online: readonly { readonly room: RoomTag; readonly online: OnlineList }[] | undefined;
    }
  | { readonly kind: "note"; readonly session: SessionId; readonly at: Instant; readonly note: Note }
  | {
      readonly kind: "close";
      readonly session: SessionId;
      readonly at: Instant;
      /** `undefined`: the person left; there is nothing to say. */
      readonly reason: ClosingReason | undefined;
      /** The operator's words. */
      readonly text: string | undefined;
    };

/** What was done, where nothing that is told otherwise came of it. */
export type Done =
  | {
      readonly kind: "invited";
      readonly room: RoomTag;
      readonly name: string;
      readonly away: string | undefined;
    }
  | { readonly kind: "away"; readonly text: string | undefined }
  /** It was so already. */
  | { readonly kind: "nothing" };

/** Numbers of a stream, both ends included, that were missed and no longer exist. */
export interface Gone {
  readonly stream: StreamId;
  readonly from: number;
  readonly to: number;
}
