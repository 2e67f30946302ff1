import { type LineCommand, parseLine } from "../../protocols/line/commands.ts";
import { ownRefusalText } from "../../protocols/own-refusal-text.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import { cannotSignInText } from "../plain-texts.ts";
import { type Question, questionFor, questionOf } from "../questions.ts";
import type { ClientState } from "./client-state.ts";
import { note } from "./incoming.ts";
import type { Place } from "./place.ts";

/** What is left to do by who owns the screen and the connection. */
type Todo = Extract<LineCommand, { readonly kind: "history" | "since" | "quit" }>;

/** Does what was typed asks for. Several lines are one message. */
export function say(state: ClientState, engine: Engine, typed: string): Todo | undefined {
  const text = typed.replace(/^(?:[^\S\n]*\n)+|(?:\n[^\S\n]*)+$/g, "");
  const command = text.includes("\n") ? linesOf(state, text) : parseLine(text);
  const replyTo = state.reply?.id;
  switch (command.kind) {
    case "nothing":
      return undefined;
    case "say":
      send(state, engine, { text: command.text, replyTo });
      return undefined;
    case "say-in":
      sayIn(state, engine, command);
      return undefined;
    case "action":
      send(state, engine, { text: command.text, action: true, replyTo });
      return undefined;
    case "tell":
      tell(state, engine, command);
      return undefined;
    case "join":
      join(state, engine, command);
      return undefined;
    case "look-at": {
      const place = state.placeOf(command.room);
      if (place === undefined) problem(state, ownRefusalText({ reason: "not-in-room", room: command.room }));
      else state.lookAt(place);
      return undefined;
    }
    case "in-room":
      inRoom(state, engine, command);
      return undefined;
    case "search":
      ask(state, engine, { type: "search", query: command.text });
      return undefined;
    case "help":
      state.showHelp(command.topic);
      return undefined;
    case "usage":
      problem(state, `Type /help ${command.command} for how to use /${command.command}`);
      return undefined;
    case "unknown":
      problem(state, `Unknown command: /${command.command}. Type /help for the commands`);
      return undefined;
    case "login":
      problem(state, cannotSignInText);
      return undefined;
    case "history":
    case "since":
    case "quit":
      return command;
    case "list": {
      const { beginning } = command;
      const room = state.current.address;
      ask(state, engine, { type: "list", room, ...(beginning === "" ? {} : { beginning }) });
      return undefined;
    }
    case "room":
      ask(state, engine, { type: "room", room: command.room ?? state.current.address });
      return undefined;
    case "rooms":
    case "rename":
    case "away":
    case "whois":
    case "register":
    case "ignore":
    case "unignore":
    case "ignored":
    case "password":
    case "devices":
    case "forget":
      ask(state, engine, questionFor(command));
      return undefined;
  }
}

/** What several lines ask for. They are to be seen by those whom the first line names, or by nobody. */
function linesOf(state: ClientState, text: string): LineCommand {
  const [first = "", ...rest] = text.split("\n");
  const whole = (begun: string): string => [begun, ...rest].join("\n");
  const command = parseLine(first);
  // A comment of a program's text, or a path.
  if (/^\/(?![a-z?]+(?:\s|$))/i.test(first)) return { kind: "say", text };
  if (command.kind === "say-in") return { ...command, text: whole(command.text), line: text };
  if (command.kind === "say" || command.kind === "action" || command.kind === "tell") {
    return { ...command, text: whole(command.text) };
  }
  const [word] = first.split(/\s/);
  problem(state, `${word} takes one line. To say it as it is, put a blank in front of it`);
  state.current.draft = text;
  return { kind: "nothing" };
}

/** Comes into a room, which is looked at meanwhile: what is written then is for it. Says nothing where it is shown. */
export function join(
  state: ClientState,
  engine: Engine,
  { room, key }: { readonly room: string; readonly key?: string | undefined },
): void {
  const known = state.placeOf(room);
  if (known?.standing === "in") {
    state.lookAt(known);
    return;
  }
  const place = known ?? state.newPlace(room.startsWith("#") ? room : `#${room}`);
  if (!state.places.includes(place)) state.add(place);
  place.standing = "asked";
  state.lookAt(place);
  ask(state, engine, { type: "join", room: place.name, ...(key === undefined ? {} : { key }) });
}

function inRoom(
  state: ClientState,
  engine: Engine,
  { room, deed }: Extract<LineCommand, { readonly kind: "in-room" }>,
): void {
  const place = room === undefined ? state.current : state.placeOf(room);
  // A room that one is out of already is only taken off the screen.
  if (deed.kind === "part" && place?.standing === "out" && place !== state.home) state.remove(place);
  else ask(state, engine, questionOf(deed, place?.address ?? room ?? state.current.address));
}

/** A line that begins with a room's name is for that room, unless its writer knows of no rooms at all. */
function sayIn(
  state: ClientState,
  engine: Engine,
  { room, text, line }: Extract<LineCommand, { readonly kind: "say-in" }>,
): void {
  const place = state.placeOf(room);
  if (place !== undefined) send(state, engine, { text, place });
  else if (state.places.length > 1) problem(state, ownRefusalText({ reason: "not-in-room", room }));
  else send(state, engine, { text: line, replyTo: state.reply?.id });
}

function tell(
  state: ClientState,
  engine: Engine,
  { to, text }: Extract<LineCommand, { readonly kind: "tell" }>,
): void {
  const place = state.placeWith(to);
  send(state, engine, { text, to, place });
  state.lookAt(place);
}

interface Draft {
  readonly text: string;
  /** Where it is said; the room that is looked at, where it is not given. */
  readonly place?: Place;
  readonly to?: string;
  readonly action?: boolean;
  readonly replyTo?: string | undefined;
}

/** As one message; to a server that takes no message of several lines as one for each line. */
function send(state: ClientState, engine: Engine, draft: Draft): void {
  const lines = engine.takesLines ? [draft.text] : draft.text.split("\n");
  for (const text of lines) if (text.trim() !== "") sendOne(state, engine, { ...draft, text });
}

/** Shown as waiting first, since the answer, and be it a refusal, may come within the call. */
function sendOne(state: ClientState, engine: Engine, draft: Draft): void {
  const { text, action = false, replyTo, place = state.current } = draft;
  const to = draft.to ?? place.partner;
  const counter = engine.nextCounter;
  const addressed = to === undefined ? { room: place.address } : { to };
  const reply = replyTo === undefined ? {} : { replyTo };
  const event: WireEvent = {
    stream: to === undefined ? place.address : "",
    number: 0,
    id: "",
    at: Date.now(),
    kind: action ? "action" : "text",
    from: state.me,
    text,
    ...(to === undefined ? {} : { to: { id: "", name: to } }),
    ...reply,
  };
  place.conversation.sending(event, counter);
  if (engine.send(text, { ...addressed, action, ...reply })) return;
  place.conversation.notTaken(event, counter);
}

function ask(state: ClientState, engine: Engine, question: Question): void {
  if (engine.ask(question)) return;
  problem(state, `Not sent: ${engine.waiting} lines are waiting already. Try again in a moment`);
}

function problem(state: ClientState, text: string): void {
  note(state, Date.now(), text, "error");
}
