import type { Author, StoredEvent } from "../../chat/event.ts";
import { isRoom } from "../../chat/event.ts";
import { roleLetters, rolesByRank } from "../../chat/mode.ts";
import type { Roles } from "../../chat/room.ts";
import { role } from "../../chat/room.ts";
import { parseNewNameText } from "../../chat/room-name.ts";
import { type CapabilitySet, hasCapability } from "../../protocols/irc/capabilities.ts";
import { formatCtcp } from "../../protocols/irc/ctcp.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { formatModes, type ModeChange, parseChannelModes } from "../../protocols/irc/mode-changes.ts";
import { type ChannelMode, prefixesOf, type Rank } from "../../protocols/irc/modes.ts";
import { roomFor } from "../../protocols/irc/pack.ts";
import { formatTime } from "../../protocols/irc/server-time.ts";
import { formatSource } from "../../protocols/irc/source.ts";
import { splitText } from "../../protocols/irc/split.ts";
import type { Tags } from "../../protocols/irc/tags.ts";
import type { Present } from "../link.ts";

/** So many modes are changed by one message. */
export const maxModes = 20;

/** What the words for somebody depend on. */
export interface Wants {
  readonly capabilities: CapabilitySet;
  readonly server: string;
  /** What a room is called. */
  readonly nameOf: (stream: StoredEvent["stream"]) => string;
}

/** `nick!user@host`. Of who was here once only the name is known. */
export function sourceOf(author: Author): string {
  const { user, host } = { user: "unknown", host: "hidden", ...author };
  return formatSource({ nick: author.name, user, host });
}

/** What stands before the nick of somebody with these roles. */
export function prefixOf(roles: Roles, { all }: { readonly all: boolean }): string {
  if (roles === 0) return "";
  const held = new Set<Rank>(
    rolesByRank.filter((name) => (roles & role[name]) !== 0).map((name) => roleLetters[name] as Rank),
  );
  return prefixesOf(held, { all });
}

/** The tags of a message that somebody causes at an instant, of those that its reader has asked for. */
export function tagsOf(
  wants: Pick<Wants, "capabilities">,
  what: {
    readonly at: number;
    readonly id?: string | undefined;
    readonly from?: Author | undefined;
    readonly replyTo?: string | undefined;
  },
): Tags | undefined {
  const { capabilities } = wants;
  const tags = new Map<string, string>();
  if (hasCapability(capabilities, "server-time")) tags.set("time", formatTime(what.at));
  const { account, isBot } = { account: undefined, isBot: false, ...what.from };
  if (account !== undefined && hasCapability(capabilities, "account-tag")) tags.set("account", account);
  if (hasCapability(capabilities, "message-tags")) {
    if (what.id !== undefined) tags.set("msgid", what.id);
    if (isBot) tags.set("bot", "");
    if (what.replyTo !== undefined) tags.set("+draft/reply", what.replyTo);
  }
  return tags.size === 0 ? undefined : tags;
}

/**
 * A durable event as its messages: several where a text is longer than one may be, of which all but the first have
 * ids made of the event's. `target`: whom a private message is addressed to, or the channel.
 */
export function eventMessages(event: StoredEvent, wants: Wants): readonly OutgoingMessage[] {
  const { at, from, id, kind, text, to, replyTo } = event;
  const source = kind === "announcement" ? wants.server : sourceOf(from);
  const target = isRoom(event.stream) ? wants.nameOf(event.stream) : (to?.name ?? "*");
  const tags = tagsOf(wants, { at, id, from, replyTo });
  switch (kind) {
    case "text":
    case "action":
    case "notice":
    case "announcement": {
      const command = kind === "text" || kind === "action" ? "PRIVMSG" : "NOTICE";
      const isAction = kind === "action";
      const room = roomFor(`:${source} ${command} ${target} :${isAction ? "\x01ACTION \x01" : ""}\r\n`);
      return splitText(text, room).map((piece, index) => ({
        tags: index === 0 ? tags : tagsOf(wants, { at, id: `${id}.${index}`, from }),
        source,
        command,
        params: [target],
        text: isAction ? formatCtcp({ command: "ACTION", params: piece }) : piece,
      }));
    }
    case "topic":
      return [{ tags, source, command: "TOPIC", params: [target], text }];
    case "kick":
      return [{ tags, source, command: "KICK", params: [target, to?.name ?? "*"], text: text || from.name }];
    case "mode": {
      const maxBytes = roomFor(`:${source} MODE ${target} \r\n`);
      return formatModes(modesOf(text), { maxParams: maxModes, maxBytes }).map((params) => ({
        tags,
        source,
        command: "MODE",
        params: [target, ...params],
      }));
    }
    case "room-name": {
      const { name, why } = parseNewNameText(text);
      // Looking back, the room has its new name already.
      if (name === target || !hasCapability(wants.capabilities, "draft/channel-rename")) return [];
      return [{ tags, source, command: "RENAME", params: [target, name], text: why }];
    }
  }
}

/** What `modeText` of the core made, as IRC's changes. */
function modesOf(text: string): readonly ModeChange<ChannelMode>[] {
  return parseChannelModes(text.split(" ")).flatMap((request) =>
    request.kind === "change" ? [request] : [],
  );
}

/** Somebody comes into a room: JOIN, with what his reader has asked to know. */
export function joinMessages(
  person: Present,
  where: { readonly room: string; readonly at: number },
  wants: Wants,
): readonly OutgoingMessage[] {
  const tags = tagsOf(wants, { at: where.at, from: person });
  const source = sourceOf(person);
  if (!hasCapability(wants.capabilities, "extended-join")) {
    return [{ tags, source, command: "JOIN", params: [where.room] }];
  }
  return [
    { tags, source, command: "JOIN", params: [where.room, person.account ?? "*"], text: person.realName },
  ];
}
