import { isRoom, lobby } from "../../chat/event.ts";
import { foundTitle } from "../../protocols/line/found.ts";
import { absenceText } from "../../protocols/line/render.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { EngineEvent } from "../engine-event.ts";
import type { ClientState } from "./client-state.ts";
import { newsArrived } from "./incoming-rooms.ts";
import { mentions } from "./mention.ts";
import type { Place } from "./place.ts";
import { isNews } from "./room-news.ts";

type Of<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

/** What somebody who looks elsewhere should be told of. */
export type Alert = { readonly from: string; readonly text: string } | undefined;

/** Shows some words in the room that is looked at. */
export function note(state: ClientState, at: number, text: string, tone?: "notice" | "error"): void {
  state.conversation.note(at, text, tone);
}

/** A connection is there. `seen`: how far one had read in the lobby, when one was here before. */
export function connected(
  state: ClientState,
  event: Of<"connected">,
  {
    seen,
    now,
  }: { readonly seen: { readonly epoch: string; readonly number: number } | undefined; readonly now: number },
): void {
  const { welcome, again, continued } = event;
  state.me = welcome.you;
  state.operatorSees = welcome.operatorSeesPrivate;
  state.isAway = false;
  state.cameIn();
  if (state.connection.kind !== "leaving") state.connection = { kind: "connected" };
  inLobby(state, event);
  if (!again && seen?.epoch === welcome.epoch) state.home.conversation.markAfter(seen.number);
  for (const entry of welcome.rooms ?? []) {
    const known = state.placeAt(entry.room.stream);
    const place = known ?? shown(state, entry.room.name);
    place.enter(entry);
    if (known === undefined || !again || !continued) place.begin(entry, welcome.you.id);
  }
  if (!again) return;
  if (!continued)
    note(state, now, "The server's history is not the one you saw before. It goes on from here.");
  note(state, now, "Connected again");
  if (event.samePerson || event.uncertain === undefined) return;
  const doubt = "The server does not know you from before, so the first line that waited may appear twice.";
  note(state, now, doubt, "error");
}

function inLobby(state: ClientState, { welcome, again, continued, samePerson }: Of<"connected">): void {
  const { home } = state;
  const heads = state.headsAtHome(welcome.heads);
  home.standing = Object.hasOwn(heads, lobby) ? "in" : "out";
  home.roster.set(welcome.online);
  if (!again || !continued) home.conversation.begin(welcome.recent, { heads, me: welcome.you.id });
  if (again && !samePerson) home.conversation.backlog.keepOnly(heads);
}

function shown(state: ClientState, name: string): Place {
  const place = state.placeOf(name) ?? state.newPlace(name);
  if (!state.places.includes(place)) state.add(place);
  return place;
}

/** Takes in what the engine tells. Returns what to draw attention to. */
export function arrived(
  state: ClientState,
  event: Of<"connecting" | "event" | "ack" | "refused" | "online" | "caught-up" | "gap">,
  now: number,
): Alert {
  switch (event.kind) {
    case "connecting":
      if (state.connection.kind !== "leaving") state.connection = { kind: "connecting" };
      return undefined;
    case "event":
      return said(state, event.event);
    case "ack": {
      const { stream, number, id, at, to, away, kept } = event.ack;
      const stored = { stream, number, id, at, ...(to === undefined ? {} : { to }) };
      const place = state.places.find(({ conversation }) => conversation.acknowledged(event.send, stored));
      // Now it is known which conversation it is.
      if (place?.partner !== undefined) place.conversation.stream = stream;
      const absence = to && absenceText(to.name, { away, isKept: kept });
      if (absence !== undefined) (place ?? state.current).conversation.note(at, absence);
      return undefined;
    }
    case "refused": {
      const { ask, text } = event;
      if (ask?.type === "send") for (const { conversation } of state.places) conversation.refused(ask, text);
      else note(state, now, text, "error");
      return undefined;
    }
    case "online": {
      const { count, names } = event.online;
      const place = state.placeOf(event.ask.room ?? lobby) ?? state.current;
      if (event.ask.beginning === undefined) place.roster.set(event.online);
      const list = `Online (${count}): ${names.join(", ")}${names.length < count ? " …" : ""}`;
      place.conversation.note(now, list);
      return undefined;
    }
    case "caught-up":
      state.home.roster.set(event.online);
      for (const [stream, online] of event.rooms) state.placeAt(stream)?.roster.set(online);
      return undefined;
    case "gap": {
      const { stream, from, to } = event;
      const which = isRoom(stream) ? `messages #${from} to #${to}` : "some private messages";
      const { conversation } = state.placeAt(stream) ?? state.home;
      conversation.note(now, `${which} are no longer kept`);
      return undefined;
    }
  }
}

/** What a search of all history found is shown in place of the conversation. */
export function found(state: ClientState, { ask, found: answer }: Of<"found">, now: number): void {
  const { hits, found: count, complete: isComplete } = answer;
  const result = { query: ask.query, hits, found: count, isComplete };
  if (hits.length === 0) note(state, now, foundTitle(result, ask.query));
  else state.showFound(result);
}

function said(state: ClientState, event: WireEvent): Alert {
  const place = state.placeFor(event);
  if (place === undefined) return undefined;
  if (isNews(event)) return newsArrived(state, place, event);
  const { me } = state;
  const { conversation } = place;
  const isOwn = event.from.id === me.id;
  const sees = state.sees(place);
  const isElsewhere = sees === false;
  // The mark stands above the first that was not seen.
  if (isElsewhere && !isOwn && conversation.markAbove === undefined)
    conversation.markAbove = conversation.next;
  conversation.event(event, isOwn ? { kind: "sent" } : undefined);
  if (isElsewhere && !isOwn) place.unread += 1;
  if (isOwn || (event.to === undefined && !mentions(event.text, me.name))) return undefined;
  if (sees !== true) place.mentions += 1;
  const where = place === state.current || place.partner !== undefined ? "" : ` in ${place.name}`;
  return { from: `${event.from.name}${where}`, text: event.text };
}
