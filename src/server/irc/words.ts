import type { Author, PresentAuthor, ReaderEvent, StoredEvent } from "../../chat/event.ts";
import { isRoom, isSpeech } from "../../chat/event.ts";
import { roleLetters, rolesByRank } from "../../chat/mode.ts";
import type { RoleName, Roles } from "../../chat/room.ts";
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
import type { PersonTell, Present, Signal } from "../link.ts";
import { passedTags } from "./kept-tags.ts";
import { speechMessages } from "./speech-words.ts";

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
  const { user = "unknown", host = "hidden" }: Partial<PresentAuthor> = author;
  return formatSource({ nick: author.name, user, host });
}

/** Who came in by a door where one says nothing of himself is called by his name. */
export function realNameOf({ name, realName }: { readonly name: string; readonly realName: string }): string {
  return realName === "" ? name : realName;
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
    readonly clientTags?: string | undefined;
  },
): Tags | undefined {
  const { capabilities } = wants;
  const tags = new Map<string, string>();
  if (hasCapability(capabilities, "server-time")) tags.set("time", formatTime(what.at));
  const { account, isBot = false }: Partial<PresentAuthor> = what.from ?? {};
  if (account !== undefined && hasCapability(capabilities, "account-tag")) tags.set("account", account);
  if (hasCapability(capabilities, "message-tags")) {
    if (what.id !== undefined) tags.set("msgid", what.id);
    if (isBot) tags.set("bot", "");
    if (what.clientTags !== undefined) {
      for (const [key, value] of passedTags(what.clientTags)) tags.set(key, value);
    }
    const saysSo = tags.has("+draft/reply") || tags.has("+reply");
    if (what.replyTo !== undefined && !saysSo) tags.set("+draft/reply", what.replyTo);
  }
  return tags.size === 0 ? undefined : tags;
}

/** A durable event as its messages. */
export function eventMessages(event: ReaderEvent, wants: Wants): readonly OutgoingMessage[] {
  if (!isToShow(event)) return [];
  const { at, from, id, kind, text, to, replyTo } = event;
  if (isSpeech(kind)) return speechMessages(event, wants);
  const target = isRoom(event.stream) ? wants.nameOf(event.stream) : (to?.name ?? "*");
  const source = sourceOf(from);
  const tags = tagsOf(wants, { at, id, from });
  switch (kind) {
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
    case "signal": {
      if (!hasCapability(wants.capabilities, "message-tags")) return [];
      const withClients = tagsOf(wants, { at, id, from, clientTags: event.clientTags });
      return [{ tags: withClients, source, command: "TAGMSG", params: [target] }];
    }
    case "removal": {
      if (replyTo === undefined || !hasCapability(wants.capabilities, "draft/message-redaction")) return [];
      const reason = text === "" ? {} : { text };
      return [{ tags, source, command: "REDACT", params: [target, replyTo], ...reason }];
    }
    case "removed":
      return [];
  }
}

/** Of what is ignored nothing is shown. */
function isToShow(event: ReaderEvent): event is StoredEvent {
  return event.kind !== "ignored";
}

/** Words to who runs a channel, or tags without a text, for who understands those. */
export function signalMessages(signal: Signal, at: number, wants: Wants): readonly OutgoingMessage[] {
  const { id, from, to, words, clientTags } = signal;
  const source = sourceOf(from);
  const target = "room" in to ? statusPrefix(to.least) + to.room.name : to.name;
  const tags = tagsOf(wants, { at, id, from, clientTags });
  if (words !== undefined) {
    const command = words.speech === "notice" ? "NOTICE" : "PRIVMSG";
    const isAction = words.speech === "action";
    const room = roomFor(`:${source} ${command} ${target} :${isAction ? "\x01ACTION \x01" : ""}\r\n`);
    return splitText(words.text, room).map((piece, index) => ({
      tags: index === 0 ? tags : tagsOf(wants, { at, from }),
      source,
      command,
      params: [target],
      text: isAction ? formatCtcp({ command: "ACTION", params: piece }) : piece,
    }));
  }
  if (!hasCapability(wants.capabilities, "message-tags")) return [];
  return [{ tags, source, command: "TAGMSG", params: [target] }];
}

function statusPrefix(least: RoleName | undefined): string {
  return least === undefined ? "" : prefixOf(role[least], { all: false });
}

/** Somebody is away, or is back, or is away where he comes in, for who has asked to know. */
export function awayMessages(
  what: { readonly person: Present; readonly away: string | undefined; readonly at: number },
  wants: Wants,
): readonly OutgoingMessage[] {
  const { person, away, at } = what;
  if (!hasCapability(wants.capabilities, "away-notify")) return [];
  const tags = tagsOf(wants, { at, from: person });
  const text = away === undefined ? {} : { text: away };
  return [{ tags, source: sourceOf(person), command: "AWAY", ...text }];
}

/** What is new about somebody, for who has asked to know such things. */
export function personMessages(
  news: Pick<PersonTell, "what" | "person" | "away"> & { readonly at: number },
  wants: Wants,
): readonly OutgoingMessage[] {
  const { person, what, at } = news;
  const tags = tagsOf(wants, { at, from: person });
  const source = sourceOf(person);
  switch (what) {
    case "account":
      if (!hasCapability(wants.capabilities, "account-notify")) return [];
      return [{ tags, source, command: "ACCOUNT", params: [person.account ?? "*"] }];
    case "away":
      return awayMessages(news, wants);
    case "real-name":
      if (!hasCapability(wants.capabilities, "setname")) return [];
      return [{ tags, source, command: "SETNAME", text: person.realName }];
  }
}

/** What `modeText` of the core made, as IRC's changes. */
function modesOf(text: string): readonly ModeChange<ChannelMode>[] {
  return parseChannelModes(text.split(" ")).flatMap((request) =>
    request.kind === "change" ? [request] : [],
  );
}

/** Who comes back into a room is in it what he was: the server says so, since a JOIN does not. */
export function rolesMessages(
  { name, roles = 0 }: { readonly name: string; readonly roles?: Roles },
  where: { readonly room: string; readonly at: number },
  wants: Wants,
): readonly OutgoingMessage[] {
  const changes = rolesByRank
    .filter((held) => (roles & role[held]) !== 0)
    .map((held) => ({ mode: roleLetters[held], adding: true, param: name }));
  const maxBytes = roomFor(`:${wants.server} MODE ${where.room} \r\n`);
  return formatModes(changes, { maxParams: maxModes, maxBytes }).map((params) => ({
    tags: tagsOf(wants, { at: where.at }),
    source: wants.server,
    command: "MODE",
    params: [where.room, ...params],
  }));
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
    { tags, source, command: "JOIN", params: [where.room, person.account ?? "*"], text: realNameOf(person) },
  ];
}
