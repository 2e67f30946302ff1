import type { Deed, DraftForm, TraitChange } from "../chat/command.ts";
import type {
  Author,
  CleanText,
  EventKind,
  Instant,
  MessageId,
  PersonId,
  PresentAuthor,
  ReaderEvent,
  SpeechKind,
  StoredEvent,
  StreamId,
} from "../chat/event.ts";
import type { IgnoredName } from "../chat/ignore.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { MaskEntry, MaskList, RoleName, Roles, Topic } from "../chat/room.ts";
import type { OnlineList, SessionId, Traits } from "../chat/roster.ts";
import type { CommandName } from "../protocols/line/commands.ts";
import type { ClosingReason } from "../protocols/websocket/messages.ts";
import type { Page, SearchResult } from "../storage/store.ts";
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
  | "search"
  | "deed"
  | "sign-in"
  /** One of the IRC door's, which knows what it belongs to. */
  | { readonly irc: number };

/** From the front: what connections did and ask for, in the order of each connection. */
export type Ask =
  /** `isLocal`: it comes from this machine itself, and nothing of it crosses a network. */
  | {
      readonly kind: "opened";
      readonly session: SessionId;
      readonly address: Address;
      readonly isLocal: boolean;
    }
  /** It is under TLS from here on. `certificate`: what the client showed, by its SHA-256 fingerprint. */
  | { readonly kind: "secured"; readonly session: SessionId; readonly certificate: string | undefined }
  | {
      readonly kind: "enter";
      readonly session: SessionId;
      readonly tag?: Tag | undefined;
      readonly door: Door;
      readonly name: string;
      /** IRC's `user`, and what somebody says of himself. */
      readonly user: string;
      readonly realName: string;
      readonly away?: string | undefined;
      readonly token: string | undefined;
      /** Which of several clients that share a token. */
      readonly tab?: string | undefined;
      /** Whether its person stays for a while where the connection is lost. */
      readonly lingers?: boolean | undefined;
      readonly position: SeenAt | undefined;
    }
  /** To a room by its name or stream, or `@` and a person's name. */
  | {
      readonly kind: "send";
      readonly session: SessionId;
      /** Without a counter. */
      readonly tag?: Tag | undefined;
      readonly to: string;
      readonly speech: SpeechKind | "signal";
      readonly text: string;
      readonly replyTo: MessageId | undefined;
      readonly threadRoot: MessageId | undefined;
      readonly clientTags?: string | undefined;
      readonly form?: DraftForm | undefined;
      /** Of a device's send: makes a retry harmless, and comes back with the answer. */
      readonly counter: number | undefined;
    }
  /** To have something passed on that is never kept; to whom, as with `send`. */
  | {
      readonly kind: "signal";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly to: string;
      /** Of a room only to who has at least this role. */
      readonly least: RoleName | undefined;
      readonly words: { readonly speech: SpeechKind; readonly text: string } | undefined;
      readonly clientTags: string | undefined;
    }
  /** To take back a message of a room or, `@` and a name, of the conversation with somebody. */
  | {
      readonly kind: "remove";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly from: string;
      readonly id: MessageId;
      readonly text: string;
    }
  /** Up to where one has read in a room or a conversation, or (without `at`) to be told so. */
  | {
      readonly kind: "mark-read";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly where: string;
      readonly at: Instant | undefined;
    }
  /** A part of what happened in a room or a conversation, by places in it; only events of these kinds count. */
  | {
      readonly kind: "look-back";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly where: string;
      readonly span: Span;
      readonly limit: number;
      readonly kinds: readonly EventKind[];
    }
  /** The rooms and conversations in which something last happened between two instants, the first one first. */
  | {
      readonly kind: "look-for-talk";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly from: Instant;
      readonly to: Instant;
      readonly limit: number;
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
  /** The certificates by which one signs in; to add one (the one that is shown, where none is named) or to remove one. */
  | {
      readonly kind: "certificates";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly change:
        | { readonly kind: "add" | "remove"; readonly fingerprint: string | undefined }
        | undefined;
    }
  /** To have another password. Other devices are signed out. */
  | {
      readonly kind: "change-password";
      readonly session: SessionId;
      readonly tag: Tag | undefined;
      readonly before: string;
      readonly after: string;
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
  /** To be told when somebody comes or goes, or no longer. */
  | { readonly kind: "watch"; readonly session: SessionId; readonly tag: Tag; readonly change: WatchChange }
  /** What is said of people and rooms in keys and values. `target`: a name, a room's, or `*` for oneself. */
  | {
      readonly kind: "metadata";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly target: string;
      readonly act: MetadataAct;
    }
  /** What those who run the server do, and to be one of them. */
  | {
      readonly kind: "operate";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly operation: Operation;
    }
  | {
      readonly kind: "history";
      readonly session: SessionId;
      readonly tag: Tag;
      readonly stream: string;
      /** The events after this number; otherwise the last ones before `before`, or before the head. */
      readonly after: number | undefined;
      readonly before: number | undefined;
      readonly limit: number | undefined;
      /** The page is to have only what its reader is shown, and as much of it; otherwise each number has its place. */
      readonly onlyShown: boolean;
    }
  | { readonly kind: "search"; readonly session: SessionId; readonly tag: Tag; readonly query: string }
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

/** A place in a stream: the event with this id, or an instant. */
export type Place =
  | { readonly kind: "event"; readonly id: MessageId }
  | { readonly kind: "instant"; readonly at: Instant };

/** A part of a stream; the places themselves are never in it, but the one that something is `around`. */
export type Span =
  | { readonly kind: "before" | "after" | "around"; readonly place: Place }
  /** The last ones, of those after a place where there is one. */
  | { readonly kind: "last"; readonly after: Place | undefined }
  /** Counted from `from` on, which may be the later one. */
  | { readonly kind: "between"; readonly from: Place; readonly to: Place };
export type WatchChange =
  | { readonly kind: "add" | "remove"; readonly names: readonly string[] }
  | { readonly kind: "clear" }
  /** To be shown what there is. */
  | { readonly kind: "nothing" };

/** Keys are lower case. `sync`: to be shown what one has subscribed to. */
export type MetadataAct =
  | { readonly kind: "get" | "subscribe" | "unsubscribe"; readonly keys: readonly string[] }
  | { readonly kind: "list" | "subscriptions" | "sync" }
  | { readonly kind: "clear" }
  | { readonly kind: "set"; readonly key: string; readonly value: string | undefined };

export type Operation =
  | { readonly kind: "oper"; readonly name: string; readonly password: string }
  | { readonly kind: "kill"; readonly name: string; readonly text: string }
  | { readonly kind: "wallops"; readonly text: string }
  /** To read the configuration again. */
  | { readonly kind: "rehash" }
  /** To be an operator is all that it takes. */
  | { readonly kind: "nothing" };

/** What shows that somebody is who he says. */
export type Proof =
  | { readonly kind: "password"; readonly account: string; readonly password: string }
  /** The certificate that was shown in the handshake of TLS. Without an `account` it is the one that it belongs to. */
  | { readonly kind: "certificate"; readonly account: string | undefined }
  /** The door has seen the proof itself, or (`isProved: false`) that there is none: a wrong guess. */
  | {
      readonly kind: "scram";
      readonly account: string;
      readonly isProved: boolean;
      /** Only whether it is right is asked: it is answered by `done`, and one is not signed in yet. */
      readonly isCheck: boolean;
    };

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
  /** Who is in a room, is called so, or is as a mask of name, `user`, host, words of his own and account has it. */
  | {
      readonly kind: "who";
      readonly mask: string;
      readonly isOperator: boolean;
      /** It means the server, and so everybody who is on it. */
      readonly isOfServer: boolean;
    }
  /** Who of these names is here. */
  | { readonly kind: "named"; readonly names: readonly string[] }
  | { readonly kind: "masks"; readonly room: string; readonly list: MaskList }
  /** Who was called so and is gone, the last first. */
  | { readonly kind: "gone"; readonly name: string }
  /** Whom one ignores. */
  | { readonly kind: "ignored" }
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
  /** By their fingerprints, the oldest first. `own`: the one that this connection showed. */
  | {
      readonly kind: "certificates";
      readonly certificates: readonly string[];
      readonly own: string | undefined;
    }
  | {
      readonly kind: "members";
      readonly room: RoomTag;
      readonly isHidden: boolean;
      readonly members: readonly RoomMember[];
    }
  | { readonly kind: "who"; readonly people: readonly Found[] }
  | { readonly kind: "named"; readonly people: readonly (PersonView | undefined)[] }
  | {
      readonly kind: "masks";
      readonly room: RoomTag;
      readonly list: MaskList;
      readonly masks: readonly MaskEntry[];
    }
  /** Of what was added, or of all that is watched. `refused`: there are too many. */
  | {
      readonly kind: "watched";
      readonly watched: readonly Watched[];
      readonly refused: readonly string[];
    }
  /** `refused`: the first key that is one too many. `shown`: what was asked for by `sync`. */
  | {
      readonly kind: "metadata";
      readonly entries: readonly MetadataEntry[];
      readonly refused: string | undefined;
      readonly shown?: readonly ShownMetadata[];
    }
  | { readonly kind: "gone"; readonly people: readonly GonePerson[] }
  | { readonly kind: "ignored"; readonly ignored: readonly IgnoredName[] }
  /** What `look-for-talk` found, by time. */
  | { readonly kind: "talk"; readonly talk: readonly { readonly name: string; readonly at: Instant }[] }
  | {
      readonly kind: "counts";
      readonly counts: Counts;
    };

/** How many there are, and the most people that there were at once. */
export interface Counts {
  readonly people: number;
  readonly invisible: number;
  readonly operators: number;
  /** Connections whose people have not come in. */
  readonly unknown: number;
  readonly rooms: number;
  readonly most: number;
}

/** Somebody whom a search found. `room`: one that he and who searches may be seen in. */
export interface Found extends Omit<PersonView, "rooms"> {
  readonly room: { readonly name: string; readonly roles: Roles } | undefined;
}

/** A device on which one is signed in. `isOwn`: this one. */
interface SignedInDevice {
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

/** A name that is watched, as it was written, and who is here by it. */
export interface Watched {
  readonly name: string;
  readonly person: PresentAuthor | undefined;
}

/** `undefined`: nothing is said under the key, or no longer. */
export interface MetadataEntry {
  readonly key: string;
  readonly value: string | undefined;
}

/** `target`: of whom it is said, or of which room. */
export interface ShownMetadata extends MetadataEntry {
  readonly target: string;
}

/** What happens to who is watched; `changed` for who is in no room with him. */
export type WatchedNews =
  | { readonly kind: "online"; readonly person: PresentAuthor }
  | { readonly kind: "offline"; readonly name: string }
  | ({ readonly kind: "changed" } & Pick<PersonTell, "what" | "person" | "away">);

/** What is told of somebody in his rooms beside his coming, going and name. */
export type PersonTell = Extract<RoomTell, { kind: "person" }>;

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
  /** Where he is connected from, and what of him is nobody else's business; known to himself and to operators. */
  readonly address: string | undefined;
  readonly traits: Traits | undefined;
  /** Whether all of his connections are under TLS. */
  readonly isSecure: boolean;
  /** Which certificate his client showed last; only to himself and operators of the server. */
  readonly certificate: string | undefined;
  readonly since: Instant;
  readonly lastSpoke: Instant;
  /** Those that the asker may know of. */
  readonly rooms: readonly { readonly name: string; readonly roles: Roles }[];
}

/** Somebody who comes or goes. */
export interface Present extends PresentAuthor {
  readonly realName: string;
}

/** Somebody who comes or goes, and why he is away where he is. */
export interface Passing extends Present {
  readonly awayWords: string | undefined;
  /** What he is in the one room that he comes into, where he comes back to it. */
  readonly roles?: Roles;
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
  readonly recent: readonly ReaderEvent[];
  /** Up to when one has read there; `undefined` where nobody said. */
  readonly readUpTo: Instant | undefined;
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
  /** In the room that is its stream. `speaker` is answered by an `ack` with this tag instead. */
  | {
      readonly kind: "event";
      readonly event: ReaderEvent;
      readonly speaker: SessionId | undefined;
      readonly tag?: Tag | undefined;
      /** Sessions of members who ignore its author: they are told that there is something. */
      readonly hiddenFrom?: readonly SessionId[] | undefined;
    }
  | {
      readonly kind: "joined" | "left";
      readonly at: Instant;
      /** Several where somebody goes altogether; who is in one of them is told, once. */
      readonly rooms: readonly StreamId[];
      readonly people: readonly Passing[];
      /** Who is told otherwise: the sessions of the one who comes or goes. */
      readonly except: readonly SessionId[];
      /** Whether they are not here any more, rather than out of one room. */
      readonly isGone: boolean;
      /** Parting words of one. */
      readonly text: string | undefined;
      /** Sessions of those who ignore him: they are not told the words. */
      readonly hiddenFrom?: readonly SessionId[] | undefined;
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
  /** Something that is passed on and never kept. */
  | {
      readonly kind: "signal";
      readonly at: Instant;
      readonly rooms: readonly StreamId[];
      readonly signal: Signal;
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
      /** For who comes by the IRC door. */
      readonly counts: Counts | undefined;
      readonly metadata: readonly MetadataEntry[];
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
      readonly why: "parted" | "removed";
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
      /** Who one is from now on; `undefined` where one has not come in. */
      readonly person: PersonId | undefined;
      /** Keeps the device signed in. */
      readonly token?: string | undefined;
    }
  /** One's password is another one. `signedOut`: devices that were signed out; `undefined`: it was asked for elsewhere. */
  | {
      readonly kind: "password-changed";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly signedOut: number | undefined;
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
      /** Who he was. */
      readonly from: PresentAuthor;
      readonly person: PresentAuthor;
    }
  | {
      readonly kind: "invited";
      readonly session: SessionId;
      readonly at: Instant;
      readonly room: RoomTag;
      readonly by: PresentAuthor;
    }
  /** What this session has subscribed to: as it is, or (`by`) as somebody changed it. */
  | {
      readonly kind: "metadata";
      readonly session: SessionId;
      readonly at: Instant;
      readonly by: PresentAuthor | undefined;
      /** Of whom it is shown at once: a room and its people, or `*` for several. */
      readonly about: string;
      readonly shown: readonly ShownMetadata[];
    }
  /** Of this room there is too much to show unasked. */
  | { readonly kind: "metadata-later"; readonly session: SessionId; readonly room: string }
  /** Something happens to somebody whom this session watches. */
  | {
      readonly kind: "watched";
      readonly session: SessionId;
      readonly at: Instant;
      readonly news: WatchedNews;
    }
  /** An operator has a word for all who want to hear it. */
  | {
      readonly kind: "wallops";
      readonly session: SessionId;
      readonly at: Instant;
      readonly from: PresentAuthor;
      readonly text: string;
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
  /** `isOwn`: its person said it himself, elsewhere. */
  | {
      readonly kind: "private";
      readonly session: SessionId;
      readonly event: ReaderEvent;
      readonly isOwn: boolean;
    }
  /** What was said to its person alone while he was not here. */
  | {
      readonly kind: "waited";
      readonly session: SessionId;
      readonly at: Instant;
      readonly events: readonly ReaderEvent[];
    }
  /** To whom a signal is for, in private, and with a tag to who gave it. */
  | {
      readonly kind: "signalled";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly signal: Signal;
    }
  /** Up to where its person has read; `where` as it is called. */
  | {
      readonly kind: "read-up-to";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag | undefined;
      readonly where: string;
      readonly readUpTo: Instant | undefined;
    }
  | {
      readonly kind: "ack";
      readonly session: SessionId;
      readonly event: StoredEvent;
      readonly tag: Tag | undefined;
      /** What the room is called where it happened: one may speak in rooms that nobody here is in. */
      readonly room?: string | undefined;
      /** What of that which was asked for with it may not be. */
      readonly others?: readonly Refusal[] | undefined;
      /** Who is addressed is not here, and is given it when he comes. */
      readonly isKept?: boolean | undefined;
      /** Why who is addressed is away, where he is. */
      readonly away?: string | undefined;
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
      readonly page: ReaderPage;
    }
  /** What a search found. `reader`: whose it is. */
  | {
      readonly kind: "found";
      readonly session: SessionId;
      readonly at: Instant;
      readonly tag: Tag;
      readonly reader: PersonId;
      readonly query: string;
      readonly result: SearchResult;
    }
  /** A part of what a session missed. After the last part it is live. */
  | {
      readonly kind: "missed";
      readonly session: SessionId;
      readonly events: readonly ReaderEvent[];
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
      /** Who ended it from inside the chat, and why as far as he says. */
      readonly by?: { readonly author: PresentAuthor; readonly why: string } | undefined;
    };

/** What somebody passes on, and to which room or whom. */
export interface Signal {
  readonly id: MessageId;
  readonly from: PresentAuthor;
  readonly to: { readonly room: RoomTag; readonly least: RoleName | undefined } | { readonly name: string };
  readonly words: { readonly speech: SpeechKind; readonly text: CleanText } | undefined;
  readonly clientTags: string | undefined;
}

/** What was done, where nothing that is told otherwise came of it. */
export type Done =
  | {
      readonly kind: "invited";
      readonly room: RoomTag;
      readonly name: string;
      readonly away: string | undefined;
    }
  | { readonly kind: "away"; readonly text: string | undefined }
  /** Somebody is ignored from now on, or not any more. `isHere`: he is here, or has an account. */
  | {
      readonly kind: "ignoring";
      readonly name: string;
      readonly on: boolean;
      readonly isHere: boolean;
    }
  | { readonly kind: "real-name"; readonly text: string }
  | { readonly kind: "traits"; readonly changes: readonly TraitChange[] }
  /** It was so already. */
  | { readonly kind: "nothing" };

/** A part of a stream as one reader is shown it. */
interface ReaderPage extends Omit<Page, "events"> {
  readonly events: readonly ReaderEvent[];
}

/** Numbers of a stream, both ends included, that were missed and no longer exist. */
export interface Gone {
  readonly stream: StreamId;
  readonly from: number;
  readonly to: number;
}
