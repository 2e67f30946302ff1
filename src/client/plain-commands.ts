import { type Instant, lobby } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { type LineCommand, parseLine } from "../protocols/line/commands.ts";
import { helpText } from "../protocols/line/help.ts";
import {
  errorLine,
  refusalLine,
  systemLine,
  unknownCommandLine,
  usageLine,
} from "../protocols/line/render.ts";
import type { Engine } from "./engine.ts";
import type { PlainRooms } from "./plain-rooms.ts";
import { cannotSignInText } from "./plain-texts.ts";
import { type Question, questionFor, questionOf } from "./questions.ts";

interface PlainMeans {
  readonly rooms: PlainRooms;
  readonly now: () => Instant;
  readonly print: (lines: string) => void;
  /** Told whether what goes to the server was taken. */
  readonly taken: (taken: boolean) => void;
  readonly leave: () => void;
}

/** What is typed at the client that works line by line, done in the manner of the line door. */
export class PlainCommands {
  readonly #means: PlainMeans;
  operatorSees = true;

  constructor(means: PlainMeans) {
    this.#means = means;
  }

  /** Does what a line asks for. */
  take(engine: Engine, line: string): void {
    const command = parseLine(line);
    switch (command.kind) {
      case "nothing":
        return;
      case "say":
        this.#speak(engine, command.text);
        return;
      case "say-in":
        this.#sayIn(engine, command);
        return;
      case "action":
        this.#speak(engine, command.text, true);
        return;
      case "tell":
        this.#means.taken(engine.send(command.text, { to: command.to }));
        return;
      case "list": {
        const { beginning } = command;
        this.#ask(engine, { type: "list", room: this.#stream, ...(beginning === "" ? {} : { beginning }) });
        return;
      }
      case "join": {
        const { room, key } = command;
        const own = this.#means.rooms.find(room);
        if (own !== undefined) {
          this.#turnTo(own);
          return;
        }
        // What is written after it may be meant for the room that one is in by then.
        if (this.#ask(engine, { type: "join", room, ...(key === undefined ? {} : { key }) })) {
          this.#means.rooms.joining(room);
        }
        return;
      }
      case "look-at": {
        const own = this.#means.rooms.find(command.room);
        if (own === undefined) this.#refuse({ reason: "not-in-room", room: command.room });
        else this.#turnTo(own);
        return;
      }
      case "in-room":
        this.#inRoom(engine, command.room, (room) => questionOf(command.deed, room));
        if (command.deed.kind === "part") this.#means.rooms.leaving(command.room ?? this.#stream);
        return;
      case "room":
        this.#inRoom(engine, command.room, (room) => ({ type: "room", room }));
        return;
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
        this.#ask(engine, questionFor(command));
        return;
      case "login":
        this.#means.print(errorLine(this.#means.now(), cannotSignInText));
        return;
      case "history": {
        const { count } = command;
        this.#ask(engine, {
          type: "history",
          stream: this.#stream,
          ...(count === undefined ? {} : { limit: count }),
        });
        return;
      }
      case "since":
        this.#ask(engine, { type: "history", stream: this.#stream, after: command.number });
        return;
      case "search":
        this.#ask(engine, { type: "search", query: command.text });
        return;
      case "help":
        this.#means.print(helpText(command.topic, { consoleShowsPrivate: this.operatorSees }));
        return;
      case "usage":
        this.#means.print(usageLine(this.#means.now(), command.command));
        return;
      case "unknown":
        this.#means.print(unknownCommandLine(this.#means.now(), command.command));
        return;
      case "quit":
        this.#means.leave();
        return;
    }
  }

  /** Of the room that is looked at. */
  get #stream(): string {
    return this.#means.rooms.target ?? lobby;
  }

  #speak(engine: Engine, text: string, action = false): void {
    const room = this.#means.rooms.target;
    if (room === undefined) this.#refuse({ reason: "in-no-room" });
    else this.#means.taken(engine.send(text, { room, action }));
  }

  /** A line that begins with a room's name is for that room, unless its writer knows of no rooms at all. */
  #sayIn(engine: Engine, { room, text, line }: Extract<LineCommand, { kind: "say-in" }>): void {
    const own = this.#means.rooms.find(room);
    if (own !== undefined) this.#means.taken(engine.send(text, { room: own }));
    else if (this.#means.rooms.count > 1) this.#refuse({ reason: "not-in-room", room });
    else this.#speak(engine, line);
  }

  #inRoom(engine: Engine, typed: string | undefined, question: (room: string) => Question): void {
    const room = typed ?? this.#means.rooms.target;
    if (room === undefined) this.#refuse({ reason: "in-no-room" });
    else this.#ask(engine, question(room));
  }

  #turnTo(stream: string): void {
    this.#means.rooms.lookAt(stream);
    this.#means.print(systemLine(this.#means.now(), `You look at ${this.#means.rooms.nameOf(stream)} now`));
  }

  #refuse(refusal: Refusal): void {
    this.#means.print(refusalLine(this.#means.now(), refusal));
  }

  #ask(engine: Engine, question: Question): boolean {
    const taken = engine.ask(question);
    this.#means.taken(taken);
    return taken;
  }
}
