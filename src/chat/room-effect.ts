import type { Chat } from "./chat.ts";
import type { RoomEffect } from "./command.ts";
import { type Room, role } from "./room.ts";

/** Makes true what an event that was accepted does to its room. */
export function applyEffect({ rooms, roster }: Chat, room: Room, effect: RoomEffect): void {
  switch (effect.kind) {
    case "topic":
      room.topic = effect.topic;
      return;
    case "kick": {
      const person = roster.byId(effect.target);
      rooms.leave(room, effect.target);
      if (person !== undefined) room.went(person);
      return;
    }
    case "modes":
      for (const change of effect.changes) applyMode(room, change);
      return;
    case "rename-room":
      rooms.rename(room, effect.name);
      return;
  }
}

function applyMode(room: Room, change: Extract<RoomEffect, { kind: "modes" }>["changes"][number]): void {
  switch (change.kind) {
    case "flag":
      if (change.on) room.flags.add(change.flag);
      else room.flags.delete(change.flag);
      return;
    case "key":
      room.key = change.key;
      return;
    case "limit":
      room.limit = change.limit;
      return;
    case "mask": {
      const list = room.masks[change.list];
      if (change.entry !== undefined) list.set(change.mask, change.entry);
      else list.delete(change.mask);
      return;
    }
    case "role": {
      const roles = room.members.get(change.target);
      if (roles === undefined) return;
      const bit = role[change.role];
      room.setMember(change.target, change.on ? roles | bit : roles & ~bit);
      return;
    }
  }
}
