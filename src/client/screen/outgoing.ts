import { lobby } from "../../chat/event.ts";
import { type LineCommand, parseLine } from "../../protocols/line/commands.ts";
import { helpText } from "../../protocols/line/help.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import type { Engine } from "../engine.ts";
import { note } from "./incoming.ts";
import type { ScreenState } from "./state.ts";

/** What is left to do by who owns the screen and the connection. */
type Todo = Extract<LineCommand, { readonly kind: "history" | "since" | "quit" }>;

/** Does what a line asks for. `plain`: it is said as it is, and no command. */
export function say(
  state: ScreenState,
  engine: Engine,
  { line, plain }: { readonly line: string; readonly plain: boolean },
): Todo | undefined {
  const command: LineCommand = plain ? { kind: "say", text: line } : parseLine(line);
  const replyTo = state.reply?.id;
  switch (command.kind) {
    case "nothing":
      return undefined;
    case "say":
      send(state, engine, { text: command.text, replyTo });
      return undefined;
    case "action":
      send(state, engine, { text: command.text, action: true, replyTo });
      return undefined;
    case "tell":
      send(state, engine, { text: command.text, to: command.to });
      return undefined;
    case "list":
      if (!engine.list(command.beginning === "" ? undefined : command.beginning)) tooMany(state, engine);
      return undefined;
    case "search":
      if (!engine.search(command.text)) tooMany(state, engine);
      return undefined;
    case "help":
      note(state, Date.now(), helpText(command.topic, { consoleShowsPrivate: state.operatorSees }));
      return undefined;
    case "usage":
      note(state, Date.now(), `Type /help ${command.command} for how to use /${command.command}`, "error");
      return undefined;
    case "unknown":
      note(state, Date.now(), `Unknown command: /${command.command}. Type /help for the commands`, "error");
      return undefined;
    case "history":
    case "since":
    case "quit":
      return command;
  }
}

interface Draft {
  readonly text: string;
  readonly to?: string;
  readonly action?: boolean;
  readonly replyTo?: string | undefined;
}

/** Shown as waiting first, since the answer, and be it a refusal, may come within the call. */
function send(state: ScreenState, engine: Engine, { text, to, action = false, replyTo }: Draft): void {
  const counter = engine.nextCounter;
  const addressed = to === undefined ? {} : { to };
  const reply = replyTo === undefined ? {} : { replyTo };
  const event: WireEvent = {
    stream: to === undefined ? lobby : "",
    number: 0,
    id: "",
    at: Date.now(),
    kind: action ? "action" : "text",
    from: state.me,
    text,
    ...(to === undefined ? {} : { to: { id: "", name: to } }),
    ...reply,
  };
  state.conversation.sending(event, counter);
  if (engine.send(text, { ...addressed, action, ...reply })) return;
  state.conversation.notTaken(event, counter);
}

function tooMany(state: ScreenState, engine: Engine): void {
  const text = `Not sent: ${engine.waiting} lines are waiting already. Try again in a moment`;
  note(state, Date.now(), text, "error");
}
