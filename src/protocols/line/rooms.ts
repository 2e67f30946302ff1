import type { Instant } from "../../chat/event.ts";
import { rolesByRank } from "../../chat/mode.ts";
import { type RoleName, type Roles, role, type Topic } from "../../chat/room.ts";
import type { OnlineList } from "../../chat/roster.ts";
import { historyBlock } from "./history.ts";
import { settingsInWords } from "./modes.ts";
import {
  clockTime,
  dayOf,
  oneLine,
  onlineList,
  rule,
  type Show,
  type ShownEvent,
  systemLine,
} from "./render.ts";

/** How a room is run, as its members are shown it. */
interface ShownRoom {
  readonly name: string;
  readonly topic?: Topic | undefined;
  /** Letters of modes, as `modeText` has them, without a sign. */
  readonly modes: string;
  readonly staff: readonly { readonly name: string; readonly roles: Roles }[];
  readonly people: number;
}

/** One came into a room: what it is about, who is there, and what was said. */
export function entered(
  entry: {
    readonly room: ShownRoom;
    readonly created: boolean;
    readonly online: OnlineList;
    readonly recent: readonly ShownEvent[];
  },
  at: Instant,
  show?: Show,
): string {
  const { room, created, online, recent } = entry;
  return [
    systemLine(at, created ? `You made ${room.name}, and run it` : `You are in ${room.name}`),
    room.topic === undefined ? "" : systemLine(at, `It is about: ${room.topic.text}`, show),
    onlineList(online),
    recent.length === 0 ? "" : historyBlock(recent, at, show),
  ].join("");
}

/** One is out of a room. */
export function left(what: {
  readonly at: Instant;
  readonly room: { readonly name: string };
  readonly why: "parted" | "removed";
}): string {
  const { at, room, why } = what;
  switch (why) {
    case "parted":
      return systemLine(at, `You left ${room.name}`);
    case "removed":
      return systemLine(at, `You are not in ${room.name} any more`);
  }
}

export function invited(at: Instant, by: string, room: string): string {
  return systemLine(at, `${by} invites you to ${room}. To come in: /join ${room}`);
}

/** One asked somebody into a room. */
export function invitedOther(
  at: Instant,
  who: { readonly name: string; readonly room: string; readonly away?: string | undefined },
): string {
  const away = who.away === undefined ? "" : `, who is away: ${who.away}`;
  return systemLine(at, `You invited ${who.name} to ${who.room}${away}`);
}

/** One is away, or without words back. */
export function awayLine(at: Instant, words: string | undefined): string {
  return systemLine(at, words === undefined ? "You are back" : `You are away: ${words}`);
}

/** What rooms there are. */
export function list(what: {
  readonly count: number;
  readonly rooms: readonly { readonly name: string; readonly people: number; readonly topic: string }[];
  readonly show?: Show;
}): string {
  const lines = what.rooms.map(({ name, people, topic }) =>
    oneLine(`${name} (${people})${topic === "" ? "" : `: ${topic}`}`, what.show),
  );
  const more = what.count - what.rooms.length;
  if (more > 0) lines.push(`… and ${more} more\n`);
  return `${rule}\nRooms (${what.count}):\n${lines.join("")}${rule}\n`;
}

/** How a room is run. */
export function description(room: ShownRoom, show?: Show): string {
  const { topic } = room;
  const settings = settingsInWords(room.modes);
  const staff = room.staff.map(({ name, roles }) => `${name} (${rolesText(roles)})`).join(", ");
  return [
    `${rule}\n`,
    oneLine(`Room ${room.name} (${room.people})`),
    oneLine(topic === undefined ? "No topic" : `Topic, by ${topic.by}: ${topic.text}`, show),
    ...(settings === "" ? [] : [oneLine(`Settings: ${settings}`)]),
    ...(staff === "" ? [] : [oneLine(`Run by: ${staff}`)]),
    `${rule}\n`,
  ].join("");
}

/** Who somebody is. */
export function person(
  who: {
    readonly author: {
      readonly name: string;
      readonly user: string;
      readonly host: string;
      readonly account: string | undefined;
      readonly isBot: boolean;
    };
    readonly realName: string;
    readonly away: string | undefined;
    readonly since: Instant;
    readonly rooms: readonly { readonly name: string; readonly roles: Roles }[];
  },
  now: Instant,
): string {
  const { author, away, since } = who;
  const day = dayOf(since) === dayOf(now) ? "" : `${dayOf(since)} `;
  const rooms = who.rooms.map(({ name, roles }) => (roles === 0 ? name : `${name} (${rolesText(roles)})`));
  return [
    `${rule}\n`,
    oneLine(`${author.name} (${author.name}!${author.user}@${author.host})`),
    ...(who.realName === "" ? [] : [oneLine(`Says of himself: ${who.realName}`)]),
    oneLine(author.account === undefined ? "A guest" : `Signed in as ${author.account}`),
    ...(author.isBot ? ["A program\n"] : []),
    oneLine(`Here since ${day}${clockTime(since)}`),
    ...(away === undefined ? [] : [oneLine(`Away: ${away}`)]),
    ...(rooms.length === 0 ? [] : [oneLine(`In ${rooms.join(", ")}`)]),
    `${rule}\n`,
  ].join("");
}

const roleNames: Readonly<Record<RoleName, string>> = {
  owner: "owner",
  admin: "admin",
  operator: "operator",
  halfOperator: "half-operator",
  voice: "speaker",
};

function rolesText(roles: Roles): string {
  return rolesByRank
    .filter((name) => (roles & role[name]) !== 0)
    .map((name) => roleNames[name])
    .join(", ");
}
