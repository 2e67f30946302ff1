import { lobby } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { type LineCommand, parseLine } from "../protocols/line/commands.ts";
import { LineDecoder, type LineInput } from "../protocols/line/decoder.ts";
import { namePrompt, refusalLine, tooManyNamesLine, unfinishedLine } from "../protocols/line/render.ts";
import { type Connection, type DoorSession, hold } from "./connection.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { DoorContext } from "./front.ts";
import type { Note, Tag } from "./link.ts";

/** So many names may be refused before the connection is closed. */
const maxRefusedNames = 3;

/** A connection of somebody at netcat or telnet: the first line is the name, every other one is chat. */
export class LineDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #context: DoorContext;
  readonly #decoder: LineDecoder;
  readonly #flood: FloodLimit | undefined;
  #stage: "name" | "waiting" | "chatting" | "finished" = "name";
  #refusedNames = 0;
  /** Lines that came in while the name was being decided on. */
  #waiting: LineInput[] = [];
  /** The other side has sent all it will. */
  #ended: "unfinished" | "clean" | undefined;

  constructor(connection: Connection, context: DoorContext) {
    this.#connection = connection;
    this.#context = context;
    this.#decoder = new LineDecoder(context.settings.maxLineBytes);
    const { flood } = context.settings;
    this.#flood = flood && new FloodLimit(flood, context.clock.monotonic());
  }

  receive(chunk: Buffer): void {
    this.#take(this.#decoder.push(chunk));
  }

  end(): void {
    this.#ended = this.#decoder.end();
    this.#finish();
  }

  answered(entered: boolean): void {
    this.#stage = entered ? "chatting" : "name";
    if (!entered) this.#refused();
    this.#connection.release(hold.entry);
    this.#take(this.#waiting.splice(0));
    this.#finish();
  }

  close(): void {
    this.#stage = "finished";
    this.#connection.socket.end();
  }

  #take(inputs: readonly LineInput[]): void {
    for (const input of inputs) {
      switch (this.#stage) {
        case "name":
          this.#name(input);
          break;
        case "waiting":
          this.#waiting.push(input);
          break;
        case "chatting":
          this.#chat(input);
          break;
        case "finished":
          return;
      }
    }
  }

  #name(input: LineInput): void {
    if (input.kind === "too-long") {
      this.#write(refusalLine(this.#context.clock.now(), this.#tooLong()));
      this.#refused();
      return;
    }
    this.#stage = "waiting";
    this.#connection.hold(hold.entry);
    this.#context.ask({
      kind: "enter",
      session: this.#connection.id,
      door: "line",
      name: input.text,
      token: undefined,
      position: undefined,
    });
  }

  /** A name was refused, and the person was told why. */
  #refused(): void {
    this.#refusedNames += 1;
    if (this.#refusedNames < maxRefusedNames) {
      this.#write(namePrompt);
      return;
    }
    this.#write(tooManyNamesLine(this.#context.clock.now()));
    this.#context.reject(this.#connection, { reason: undefined, why: "three names were refused" });
  }

  #chat(input: LineInput): void {
    const command = input.kind === "line" ? parseLine(input.text) : input;
    if (command.kind === "nothing") return;
    const retryAfterMs = this.#flood?.take(this.#context.clock.monotonic()) ?? 0;
    if (retryAfterMs > 0) this.#refuse({ reason: "too-fast", retryAfterMs });
    else this.#command(command);
  }

  #command(command: Exclude<LineCommand | LineInput, { kind: "nothing" | "line" }>): void {
    const session = this.#connection.id;
    switch (command.kind) {
      case "too-long":
        this.#refuse(this.#tooLong());
        return;
      case "say":
        this.#send(lobby, { text: command.text, action: false });
        return;
      case "action":
        this.#send(lobby, { text: command.text, action: true });
        return;
      case "tell":
        this.#send(`@${command.to}`, { text: command.text, action: false });
        return;
      case "list":
        this.#context.ask({ kind: "list", session, tag: "list", beginning: command.beginning });
        return;
      case "history":
        this.#look("history", { after: undefined, limit: command.count });
        return;
      case "since":
        this.#look(
          { after: command.number },
          { after: command.number, limit: this.#context.settings.maxPageEvents },
        );
        return;
      case "help":
        this.#note({ kind: "help", topic: command.topic });
        return;
      case "usage":
        this.#note({ kind: "usage", command: command.command });
        return;
      case "unknown":
        this.#note({ kind: "unknown-command", command: command.command });
        return;
      case "quit":
        this.#leave();
        return;
    }
  }

  #send(to: string, what: { readonly text: string; readonly action: boolean }): void {
    const session = this.#connection.id;
    this.#context.ask({
      kind: "send",
      session,
      to,
      ...what,
      replyTo: undefined,
      threadRoot: undefined,
      counter: undefined,
    });
  }

  #look(tag: Tag, how: { readonly after: number | undefined; readonly limit: number | undefined }): void {
    const session = this.#connection.id;
    this.#context.ask({ kind: "history", session, tag, stream: lobby, before: undefined, ...how });
  }

  #refuse(refusal: Refusal): void {
    this.#note({ kind: "refused", refusal, tag: undefined });
  }

  #note(note: Note): void {
    this.#context.ask({ kind: "note", session: this.#connection.id, note });
  }

  #leave(): void {
    this.#stage = "finished";
    this.#context.ask({ kind: "closed", session: this.#connection.id, finished: true, why: undefined });
  }

  /** After a half-close everything that came in has been asked; what is left is to say so. */
  #finish(): void {
    if (this.#ended === undefined || this.#stage === "waiting" || this.#stage === "finished") return;
    if (this.#ended === "unfinished") {
      if (this.#stage === "chatting") this.#note({ kind: "unfinished-line" });
      else this.#write(unfinishedLine(this.#context.clock.now()));
    }
    this.#leave();
  }

  #tooLong(): Refusal {
    return { reason: "text-too-long", maxBytes: this.#context.settings.maxLineBytes };
  }

  #write(text: string): void {
    this.#connection.write(Buffer.from(text));
  }
}
