import { lobby, type StreamId } from "../../chat/event.ts";
import { utf8Length } from "../../chat/text.ts";
import {
  type Capability,
  type CapabilitySet,
  hasCapability,
  inEffect,
} from "../../protocols/irc/capabilities.ts";
import { formatMessage, type OutgoingMessage } from "../../protocols/irc/message.ts";
import { maxMessageBytes, roomFor } from "../../protocols/irc/pack.ts";
import { splitText } from "../../protocols/irc/split.ts";
import { type Dialect, packText } from "../dialect.ts";
import type { RoomTell } from "../link.ts";
import { eventMessages, joinMessages, sourceOf, tagsOf, type Wants } from "./words.ts";

/** What the IRC door's words depend on beside what is said. */
interface IrcManner {
  readonly settings: { readonly serverName: string };
}

type NameOf = (stream: StreamId) => string | undefined;

/** The IRC door's words for rooms: one dialect for each set of capabilities that connections have. */
export class IrcDialects {
  readonly #manner: IrcManner;
  readonly #nameOf: NameOf;
  readonly #bySet = new Map<CapabilitySet, Dialect>();

  /** `nameOf`: what a room is called. */
  constructor(manner: IrcManner, nameOf: NameOf) {
    this.#manner = manner;
    this.#nameOf = nameOf;
  }

  for(capabilities: CapabilitySet): Dialect {
    const set = inEffect(capabilities);
    let dialect = this.#bySet.get(set);
    if (dialect === undefined) {
      dialect = this.#make(set);
      this.#bySet.set(set, dialect);
    }
    return dialect;
  }

  /** What stands after a capability's name in `CAP LS 302`. */
  valueOf(_capability: Capability): string | undefined {
    return undefined;
  }

  nameOf(stream: StreamId): string {
    return this.#nameOf(stream) ?? (stream === lobby ? lobby : "*");
  }

  /** A message as a line, from the server where it says nothing else; a text that other doors let be longer is cut. */
  line(message: OutgoingMessage): string {
    const whole = { source: this.#manner.settings.serverName, ...message };
    const line = formatMessage(whole);
    if (3 * line.length <= maxMessageBytes || whole.text === undefined) return line;
    const room = roomFor(formatMessage({ ...whole, tags: undefined, text: "" }));
    if (utf8Length(whole.text) <= room) return line;
    return formatMessage({ ...whole, text: `${splitText(whole.text, room - 3)[0] ?? ""}…` });
  }

  #make(capabilities: CapabilitySet): Dialect {
    const wants: Wants = {
      capabilities,
      server: this.#manner.settings.serverName,
      nameOf: (stream) => this.nameOf(stream),
    };
    return {
      showsOwn: true,
      pack: packText,
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
      return tell.people.flatMap((person) => joinMessages(person, where, wants));
    }
    case "left":
      return tell.people.map((person) => {
        const tags = tagsOf(wants, { at: tell.at, from: person });
        const source = sourceOf(person);
        if (tell.isGone) return { tags, source, command: "QUIT", text: tell.text ?? "" };
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

function personMessages(
  tell: Extract<RoomTell, { kind: "person" }>,
  wants: Wants,
): readonly OutgoingMessage[] {
  const { person, away, what } = tell;
  const tags = tagsOf(wants, { at: tell.at, from: person });
  const source = sourceOf(person);
  switch (what) {
    case "account":
      if (!hasCapability(wants.capabilities, "account-notify")) return [];
      return [{ tags, source, command: "ACCOUNT", params: [person.account ?? "*"] }];
    case "away":
      if (!hasCapability(wants.capabilities, "away-notify")) return [];
      return [{ tags, source, command: "AWAY", ...(away === undefined ? {} : { text: away }) }];
    case "real-name":
      if (!hasCapability(wants.capabilities, "setname")) return [];
      return [{ tags, source, command: "SETNAME", text: person.realName }];
  }
}
