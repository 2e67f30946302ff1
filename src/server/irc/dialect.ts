import { isSpeech, lobby, type PresentAuthor, type StreamId } from "../../chat/event.ts";
import {
  type Capability,
  type CapabilitySet,
  capabilitySet,
  hasCapability,
  inEffect,
  withOnly,
  withoutCapability,
} from "../../protocols/irc/capabilities.ts";
import { fitMessage } from "../../protocols/irc/fit.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { type Dialect, packLineFrames, packText } from "../dialect.ts";
import type { RoomTell } from "../link.ts";
import type { Settings } from "../settings.ts";
import {
  awayMessages,
  eventMessages,
  joinMessages,
  personMessages,
  rolesMessages,
  signalMessages,
  sourceOf,
  tagsOf,
  type Wants,
} from "./words.ts";

/** What the IRC door's words depend on beside what is said. */
interface IrcManner {
  readonly settings: Pick<
    Settings,
    "serverName" | "metadataKeys" | "metadataSubscriptions" | "metadataValueBytes"
  >;
}

/** How lines go out: as they are, or each in a websocket message. */
export type IrcFraming = "lines" | "text-messages" | "binary-messages";

const packers: Readonly<Record<IrcFraming, Dialect["pack"]>> = {
  lines: packText,
  "text-messages": (pieces) => packLineFrames(pieces, { binary: false }),
  "binary-messages": (pieces) => packLineFrames(pieces, { binary: true }),
};

/** What the words for rooms depend on, and those for what is said there. */
const wordedForSpeech = ["message-tags", "server-time", "account-tag", "draft/multiline"] as const;
const wordedFor = capabilitySet([
  ...wordedForSpeech,
  "away-notify",
  "account-notify",
  "extended-join",
  "setname",
  "invite-notify",
  "draft/message-redaction",
  "draft/channel-rename",
]);
const speech = capabilitySet(wordedForSpeech);

/** What of a set makes a difference to these words. */
function bearingOn(tells: readonly RoomTell[], set: CapabilitySet): CapabilitySet {
  let byAccount = false;
  for (const tell of tells) {
    if (tell.kind !== "event" || !isSpeech(tell.event.kind)) return set;
    const { account }: Partial<PresentAuthor> = tell.event.from;
    byAccount ||= account !== undefined;
  }
  const bearing = withOnly(set, speech);
  return byAccount ? bearing : withoutCapability(bearing, "account-tag");
}

type NameOf = (stream: StreamId) => string | undefined;

/** The IRC door's words for rooms: one dialect for each set of capabilities that makes a difference. */
export class IrcDialects {
  readonly #manner: IrcManner;
  readonly #nameOf: NameOf;
  readonly #byFraming: Readonly<Record<IrcFraming, Map<CapabilitySet, Dialect>>> = {
    lines: new Map(),
    "text-messages": new Map(),
    "binary-messages": new Map(),
  };

  /** `nameOf`: what a room is called. */
  constructor(manner: IrcManner, nameOf: NameOf) {
    this.#manner = manner;
    this.#nameOf = nameOf;
  }

  for(capabilities: CapabilitySet, framing: IrcFraming): Dialect {
    return this.#for(withOnly(inEffect(capabilities), wordedFor), framing);
  }

  #for(set: CapabilitySet, framing: IrcFraming): Dialect {
    const dialects = this.#byFraming[framing];
    let dialect = dialects.get(set);
    if (dialect === undefined) {
      dialect = this.#make(set, framing);
      dialects.set(set, dialect);
    }
    return dialect;
  }

  /** What stands after a capability's name in `CAP LS 302`. */
  valueOf(capability: Capability): string | undefined {
    if (capability !== "draft/metadata-2") return undefined;
    const { metadataKeys, metadataSubscriptions, metadataValueBytes } = this.#manner.settings;
    return [
      "before-connect",
      `max-subs=${metadataSubscriptions}`,
      `max-keys=${metadataKeys}`,
      `max-value-bytes=${metadataValueBytes}`,
    ].join(",");
  }

  /** `otherwise`: what a room is called that nobody here is in. */
  nameOf(stream: StreamId, otherwise = stream === lobby ? lobby : "*"): string {
    return this.#nameOf(stream) ?? otherwise;
  }

  /** A message as a line, from the server where it says nothing else. */
  line(message: OutgoingMessage): string {
    return fitMessage({ source: this.#manner.settings.serverName, ...message });
  }

  #make(capabilities: CapabilitySet, framing: IrcFraming): Dialect {
    const wants: Wants = {
      capabilities,
      server: this.#manner.settings.serverName,
      nameOf: (stream) => this.nameOf(stream),
    };
    return {
      showsOwn: true,
      sameFor: (tells) => this.#for(bearingOn(tells, capabilities), framing),
      pack: packers[framing],
      room: (tell) =>
        roomMessages(tell, wants)
          .map((message) => this.line(message))
          .join(""),
      personal: () => [],
    };
  }
}

function roomMessages(tell: RoomTell, wants: Wants): readonly OutgoingMessage[] {
  switch (tell.kind) {
    case "event":
      return eventMessages(tell.event, wants);
    case "joined": {
      const [stream] = tell.rooms;
      if (stream === undefined) return [];
      const where = { room: wants.nameOf(stream), at: tell.at };
      return tell.people.flatMap((person) => [
        ...joinMessages(person, where, wants),
        ...rolesMessages(person, where, wants),
        ...(person.awayWords === undefined
          ? []
          : awayMessages({ person, away: person.awayWords, at: tell.at }, wants)),
      ]);
    }
    case "left":
      return tell.people.map((person) => {
        const tags = tagsOf(wants, { at: tell.at, from: person });
        const source = sourceOf(person);
        // There is always a reason: https://modern.ircdocs.horse/#quit-message
        if (tell.isGone) return { tags, source, command: "QUIT", text: tell.text ?? "Connection closed" };
        const params = [wants.nameOf(tell.rooms[0]!)];
        return {
          tags,
          source,
          command: "PART",
          params,
          ...(tell.text === undefined ? {} : { text: tell.text }),
        };
      });
    case "renamed": {
      const tags = tagsOf(wants, { at: tell.at, from: tell.person });
      const source = sourceOf({ ...tell.person, name: tell.from.name });
      return [{ tags, source, command: "NICK", params: [tell.person.name] }];
    }
    case "person":
      return personMessages(tell, wants);
    case "signal":
      return signalMessages(tell.signal, tell.at, wants);
    case "invitation": {
      if (!hasCapability(wants.capabilities, "invite-notify")) return [];
      const tags = tagsOf(wants, { at: tell.at, from: tell.by });
      const params = [tell.name, wants.nameOf(tell.room)];
      return [{ tags, source: sourceOf(tell.by), command: "INVITE", params }];
    }
    case "heartbeat":
    case "room-head":
      return [];
  }
}
