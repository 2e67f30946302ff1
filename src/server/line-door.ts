import { lobby } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { searchCost } from "../chat/search.ts";
import { type LineCommand, parseLine } from "../protocols/line/commands.ts";
import { LineDecoder, type LineInput } from "../protocols/line/decoder.ts";
import { closingLine, namePrompt, refusalLine, unfinishedLine } from "../protocols/line/render.ts";
import { type Connection, type DoorSession, hold } from "./connection.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { DoorContext } from "./front.ts";
import type { Note, Tag } from "./link.ts";

const none: readonly LineInput[] = [];

/** So many names may be refused before the connection is closed. */
const maxRefusedNames = 3;

/** Of a chunk so much is decoded at a time: what one has to wait after need not be in memory as lines. */
const sliceBytes = 4096;
/** An empty line does nothing, but has to be read all the same. */
const emptyLineCost = 0.05;

/** A connection of somebody at netcat or telnet: the first line is the name, every other one is chat. */
export class LineDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #context: DoorContext;
  readonly #decoder: LineDecoder;
  readonly #flood: FloodLimit | undefined;
  /** What refusals and empty lines cost; made with the first of them. */
  #futile: FloodLimit | undefined;
  #stage: "name" | "waiting" | "chatting" | "finished" = "name";
  #refusedNames = 0;
  /** What came in and has not been looked at: lines from `#next` on, then bytes. */
  #lines: readonly LineInput[] = none;
  #next = 0;
  #bytes: Buffer | undefined;
  /** The other side has sent all it will. */
  #ended = false;

  constructor(connection: Connection, context: DoorContext) {
    this.#connection = connection;
    this.#context = context;
    this.#decoder = new LineDecoder(context.settings.maxLineBytes);
    const { flood } = context.settings;
    this.#flood = flood && new FloodLimit(flood, context.clock.monotonic());
  }

  get protocol(): "line" {
    return "line";
  }

  receive(chunk: Buffer): void {
    this.#bytes = this.#bytes === undefined ? chunk : Buffer.concat([this.#bytes, chunk]);
    this.#advance();
  }

  end(): void {
    this.#ended = true;
    this.#advance();
  }

  answered(entered: boolean): void {
    this.#stage = entered ? "chatting" : "name";
    if (!entered) this.#refused();
    this.#connection.release(hold.entry);
    this.#advance();
  }

  looked(): void {
    this.#connection.release(hold.look);
    this.#advance();
  }

  drained(): void {
    this.#advance();
  }

  close(): void {
    this.#stage = "finished";
    this.#connection.socket.end();
  }

  /** Looks at what came in, as far as there is nothing to wait for. */
  #advance(): void {
    while (!this.#waits) {
      if (this.#next < this.#lines.length) {
        const line = this.#lines[this.#next]!;
        this.#next += 1;
        this.#take(line);
      } else if (this.#bytes !== undefined) {
        const bytes = this.#bytes;
        this.#bytes = bytes.length > sliceBytes ? bytes.subarray(sliceBytes) : undefined;
        this.#next = 0;
        this.#lines = this.#decoder.push(bytes.length > sliceBytes ? bytes.subarray(0, sliceBytes) : bytes);
      } else {
        this.#lines = none;
        this.#next = 0;
        if (this.#ended) this.#finish();
        return;
      }
    }
  }

  get #waits(): boolean {
    const held = hold.entry | hold.look | hold.flood | hold.backlog;
    return this.#stage === "finished" || this.#connection.isHeld(held);
  }

  #take(line: LineInput): void {
    if (this.#stage === "name") this.#name(line);
    else this.#chat(line);
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
    this.#write(closingLine(this.#context.clock.now(), "names-refused"));
    this.#context.reject(this.#connection, { reason: "names-refused", why: "three names were refused" });
  }

  #chat(input: LineInput): void {
    const command = input.kind === "line" ? parseLine(input.text) : input;
    if (command.kind === "nothing") {
      this.#owe(emptyLineCost);
      return;
    }
    if (command.kind === "quit") {
      this.#leave();
      return;
    }
    const cost = command.kind === "search" ? searchCost : 1;
    const retryAfterMs = this.#flood?.take(this.#context.clock.monotonic(), cost) ?? 0;
    if (retryAfterMs === 0) {
      this.#command(command);
      return;
    }
    this.#refuse({ reason: "too-fast", retryAfterMs });
    this.#owe(1);
  }

  /** Refusing is work too: who makes much of it is refused at a pace, and the rest waits on his side. */
  #owe(cost: number): void {
    const { clock } = this.#context;
    if (this.#flood === undefined) return;
    const now = clock.monotonic();
    this.#futile ??= this.#flood.another(now);
    const ms = this.#futile.owe(cost, now);
    if (ms === 0) return;
    this.#connection.hold(hold.flood);
    clock.after(ms, () => {
      this.#connection.release(hold.flood);
      this.#advance();
    });
  }

  #command(command: Exclude<LineCommand | LineInput, { kind: "nothing" | "line" | "quit" }>): void {
    const session = this.#connection.id;
    switch (command.kind) {
      case "too-long":
        this.#refuse(this.#tooLong());
        return;
      case "say":
        this.#send(lobby, command.text, false);
        return;
      case "action":
        this.#send(lobby, command.text, true);
        return;
      case "tell":
        this.#send(`@${command.to}`, command.text, false);
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
      case "search":
        this.#connection.hold(hold.look);
        this.#context.ask({ kind: "search", session, tag: "search", query: command.text });
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
    }
  }

  #send(to: string, text: string, action: boolean): void {
    const session = this.#connection.id;
    this.#context.ask({
      kind: "send",
      session,
      to,
      text,
      action,
      replyTo: undefined,
      threadRoot: undefined,
      counter: undefined,
    });
  }

  #look(tag: Tag, how: { readonly after: number | undefined; readonly limit: number | undefined }): void {
    const session = this.#connection.id;
    this.#connection.hold(hold.look);
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
    this.#bytes = undefined;
    this.#lines = none;
    this.#context.ask({ kind: "closed", session: this.#connection.id, finished: true, why: undefined });
  }

  /** After a half-close everything that came in has been asked; what is left is to say so. */
  #finish(): void {
    if (this.#decoder.end() === "unfinished") {
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
