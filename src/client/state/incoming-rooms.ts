import { parseModeText } from "../../chat/mode.ts";
import { role } from "../../chat/room.ts";
import { roomNews } from "../../protocols/line/render.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { answerText } from "../answer-texts.ts";
import type { EngineEvent } from "../engine-event.ts";
import type { ClientState } from "./client-state.ts";
import type { Alert } from "./incoming.ts";
import type { Place } from "./place.ts";

type Of<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

/** Something happened to a room. */
export function newsArrived(state: ClientState, place: Place, event: WireEvent): Alert {
  place.conversation.event(event);
  switch (event.kind) {
    case "topic":
      place.topic = event.text;
      return undefined;
    case "room-name":
      place.name = event.text;
      return undefined;
    case "mode":
      for (const change of parseModeText(event.text)) {
        if (change.kind === "role") place.roster.change(change.name, role[change.role], change.on);
      }
      return undefined;
    case "kick": {
      const { to } = event;
      if (to === undefined) return undefined;
      place.roster.left([to.name], 1);
      return to.id === state.me.id ? { from: place.name, text: roomNews(event) } : undefined;
    }
    case "text":
    case "action":
    case "notice":
    case "announcement":
    case "removal":
    case "removed":
    case "signal":
    case "ignored":
      return undefined;
  }
}

/** Takes in what the engine tells of rooms, and of people in them. Returns what to draw attention to. */
export function roomsArrived(
  state: ClientState,
  event: Of<
    | "joined"
    | "left"
    | "renamed"
    | "own-name"
    | "room-entered"
    | "room-left"
    | "room-lost"
    | "invited"
    | "happened"
    | "answer"
  >,
  now: number,
): Alert {
  switch (event.kind) {
    case "joined":
    case "left":
      presence(state, event);
      return undefined;
    case "renamed":
      renamed(state, event);
      return undefined;
    case "own-name":
      for (const { roster } of state.places) {
        if (roster.has(state.me.name)) roster.renamed(state.me.name, event.name);
      }
      state.me = { ...state.me, name: event.name };
      state.conversation.note(event.at, `You are now called ${event.name}`);
      return undefined;
    case "room-entered":
      entered(state, event);
      return undefined;
    case "room-left":
      left(state, event);
      return undefined;
    case "room-lost": {
      const place = state.placeAt(event.stream);
      if (place === undefined) return undefined;
      place.standing = "out";
      const why = event.text === undefined ? "" : `: ${event.text}`;
      place.conversation.note(now, `You are not in ${event.name} any more${why}`, "error");
      return undefined;
    }
    case "invited":
      state.invitation = event.room;
      state.conversation.note(
        event.at,
        `${event.by.name} invites you to ${event.room}. ${state.invitationHint}`,
      );
      return { from: event.by.name, text: `invites you to ${event.room}` };
    case "happened": {
      const place = state.placeAt(event.event.stream);
      return place === undefined ? undefined : newsArrived(state, place, event.event);
    }
    case "answer":
      answered(state, event, now);
      return undefined;
  }
}

/** A room that one asks to be let into was refused. What was said for it is not lost with it. */
export function entryRefused(state: ClientState, room: string, now: number, text: string): void {
  const place = state.placeOf(room);
  if (place?.standing === "asked" && place.stream === undefined && place.conversation.items.length === 0) {
    const { draft } = place;
    const wasCurrent = place === state.current;
    state.remove(place);
    if (wasCurrent && state.current.draft === "") state.current.draft = draft;
    state.conversation.note(now, text, "error");
    return;
  }
  if (place?.standing === "asked") place.standing = "out";
  (place ?? state.current).conversation.note(now, text, "error");
}

function presence(
  state: ClientState,
  { kind, at, stream, people, count, text }: Of<"joined" | "left">,
): void {
  const names = people.map((person) => person.name);
  if (stream !== undefined) {
    const place = state.placeAt(stream);
    if (place !== undefined) moved(place, { kind, at, names, count, text });
    return;
  }
  // They are gone from every room; of those that are not named it is not known which rooms they were in.
  for (const place of state.places) {
    const there = names.filter((name) => place.roster.has(name));
    const more = place === state.home ? count - names.length : 0;
    if (there.length + more > 0) moved(place, { kind, at, names: there, count: there.length + more, text });
  }
}

function moved(
  place: Place,
  how: {
    readonly kind: "joined" | "left";
    readonly at: number;
    readonly names: readonly string[];
    readonly count: number;
    readonly text: string | undefined;
  },
): void {
  const { kind, at, names, count, text } = how;
  place.roster[kind](names, count);
  const shown = text === undefined ? names : names.map((name) => `${name} (${text})`);
  const none: readonly string[] = [];
  const who = kind === "joined" ? { joined: shown, left: none } : { joined: none, left: shown };
  place.conversation.presence({ at, ...who, count });
}

function renamed(state: ClientState, { at, from, person }: Of<"renamed">): void {
  const text = `${from} is now called ${person.name}`;
  const places = state.places.filter(({ roster }) => roster.has(from));
  for (const { roster, conversation } of places) {
    roster.renamed(from, person.name);
    conversation.note(at, text);
  }
  if (places.length === 0) state.conversation.note(at, text);
}

function entered(state: ClientState, { at, entry, ask, before, continued }: Of<"room-entered">): void {
  const { stream, name } = entry.room;
  const known = state.placeAt(before ?? stream) ?? (ask && state.placeOf(ask.room)) ?? state.placeOf(name);
  const place = known ?? state.newPlace(name);
  if (known === undefined) state.add(place);
  const isOther = place.stream !== undefined && place.stream !== stream;
  place.enter(entry);
  if (!continued) {
    place.begin(entry, state.me.id);
    if (isOther)
      place.conversation.note(at, "This is another room of that name, in which nothing was said before");
    if (entry.created) place.conversation.note(at, `You made ${name}, and run it`);
  }
  if (state.invitation !== undefined && place.isCalled(state.invitation)) state.invitation = undefined;
  if (ask !== undefined) state.lookAt(place);
}

function left(state: ClientState, { at, stream, name, why }: Of<"room-left">): void {
  const place = state.placeAt(stream);
  if (place === undefined) return;
  place.standing = "out";
  if (why === "parted" && place !== state.home) {
    state.remove(place);
    return;
  }
  place.conversation.note(
    at,
    why === "parted" ? `You left ${name}` : `You are not in ${name} any more`,
    "error",
  );
}

function answered(state: ClientState, event: Of<"answer">, now: number): void {
  const { ask, answer } = event;
  if (answer.type === "done" && ask.type === "away") state.isAway = ask.text !== undefined;
  if (answer.type === "rooms") state.knownRooms = answer.rooms.map(({ name }) => name);
  if (answer.type === "room") {
    const place = state.placeAt(answer.room.stream);
    if (place !== undefined) {
      place.topic = answer.room.topic?.text ?? "";
      place.roster.setStaff(answer.room.staff);
    }
  }
  const nameOf = (room: string): string => state.placeOf(room)?.name ?? room;
  const place = ("room" in ask ? state.placeOf(ask.room ?? "") : undefined) ?? state.current;
  const lines = answerText(event, { now, nameOf }).split("\n");
  // What parts it from the rest on a plain screen is not wanted here, nor is the time, which stands beside it.
  const words = lines
    .filter((line) => !/^=*$/.test(line))
    .map((line) => line.replace(/^\[[\d:]+\] \[SYSTEM\] /, ""));
  place.conversation.note(now, words.join("\n"));
}
