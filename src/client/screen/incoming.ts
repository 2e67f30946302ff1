import { lobby } from "../../chat/event.ts";
import { foundTitle } from "../../protocols/line/found.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { EngineEvent } from "../engine-event.ts";
import { mentions } from "./mention.ts";
import type { ScreenState } from "./state.ts";

type Of<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

/** What somebody who looks elsewhere should be told of. */
export type Alert = { readonly from: string; readonly text: string } | undefined;

export function note(state: ScreenState, at: number, text: string, tone?: "notice" | "error"): void {
  state.conversation.note(at, text, tone);
}

/** A connection is there. `seen`: how far one had read, when one was here before. */
export function connected(
  state: ScreenState,
  event: Of<"connected">,
  {
    seen,
    now,
  }: { readonly seen: { readonly epoch: string; readonly number: number } | undefined; readonly now: number },
): void {
  const { welcome, again, continued } = event;
  const { conversation } = state;
  state.me = welcome.you;
  state.operatorSees = welcome.operatorSeesPrivate;
  state.roster.set(welcome.online);
  state.mode = state.mode.kind === "naming" ? { kind: "typing" } : state.mode;
  if (state.connection.kind !== "leaving") state.connection = { kind: "connected" };
  if (!again || !continued) {
    conversation.clear();
    for (const recent of welcome.recent) {
      conversation.event(recent, recent.from.id === welcome.you.id ? { kind: "sent" } : undefined);
    }
    conversation.backlog.begin(welcome.heads, welcome.recent);
    if (!again && seen?.epoch === welcome.epoch) conversation.markAfter(seen.number);
  }
  if (!again) return;
  if (!event.samePerson) conversation.backlog.keepOnly(welcome.heads);
  if (!continued)
    note(state, now, "The server's history is not the one you saw before. It goes on from here.");
  note(state, now, "Connected again");
  if (event.samePerson || event.uncertain === undefined) return;
  const doubt = "The server does not know you from before, so the first line that waited may appear twice.";
  note(state, now, doubt, "error");
}

/** Takes in what the engine tells. Returns what to draw attention to. */
export function arrived(
  state: ScreenState,
  event: Of<"connecting" | "event" | "ack" | "refused" | "joined" | "left" | "online" | "caught-up" | "gap">,
  now: number,
): Alert {
  const { conversation, roster } = state;
  switch (event.kind) {
    case "connecting":
      if (state.connection.kind !== "leaving") state.connection = { kind: "connecting" };
      return undefined;
    case "event":
      return said(state, event.event);
    case "ack": {
      const { stream, number, id, at, to } = event.ack;
      conversation.acknowledged(event.send, { stream, number, id, at, ...(to === undefined ? {} : { to }) });
      return undefined;
    }
    case "refused":
      if (event.ask?.type === "send") conversation.refused(event.ask, event.text);
      else note(state, now, event.text, "error");
      return undefined;
    case "joined": {
      const names = event.people.map((person) => person.name);
      roster.joined(names, event.count);
      conversation.presence({ at: event.at, joined: names, left: [], count: event.count });
      return undefined;
    }
    case "left": {
      const names = event.people.map((person) => person.name);
      roster.left(names, event.count);
      conversation.presence({ at: event.at, joined: [], left: names, count: event.count });
      return undefined;
    }
    case "online": {
      const { count, names } = event.online;
      if (event.ask.beginning === undefined) roster.set(event.online);
      note(state, now, `Online (${count}): ${names.join(", ")}${names.length < count ? " …" : ""}`);
      return undefined;
    }
    case "caught-up":
      roster.set(event.online);
      return undefined;
    case "gap": {
      const which =
        event.stream === lobby ? `messages #${event.from} to #${event.to}` : "some private messages";
      note(state, now, `${which} are no longer kept`);
      return undefined;
    }
  }
}

/** What a search of all history found is shown in place of the conversation. */
export function found(state: ScreenState, { ask, found: answer }: Of<"found">, now: number): void {
  const { hits, found: count, complete: isComplete } = answer;
  const result = { query: ask.query, hits, found: count, isComplete };
  if (hits.length === 0) note(state, now, foundTitle(result, ask.query));
  // Who is asked something answers that first.
  else if (state.mode.kind !== "naming" && state.mode.kind !== "pasting")
    state.mode = { kind: "found", found: result, chosen: 0 };
}

function said(state: ScreenState, event: WireEvent): Alert {
  const { conversation, me } = state;
  const isOwn = event.from.id === me.id;
  const isElsewhere = state.here === false || state.anchor !== undefined;
  // The mark stands above the first that was not seen.
  if (isElsewhere && !isOwn && conversation.markAbove === undefined)
    conversation.markAbove = conversation.next;
  conversation.event(event, isOwn ? { kind: "sent" } : undefined);
  if (isElsewhere && !isOwn) state.unread += 1;
  if (isOwn || (event.to === undefined && !mentions(event.text, me.name))) return undefined;
  if (isElsewhere || state.here === undefined) state.mentions += 1;
  return { from: event.from.name, text: event.text };
}
