import { foldOf } from "../chat/casemapping.ts";
import type { Deed } from "../chat/command.ts";
import { lobby, type StreamId } from "../chat/event.ts";
import type { Refusal } from "../chat/refusal.ts";
import { searchCost } from "../chat/search.ts";
import { quitText } from "../protocols/irc/quit.ts";
import { type LineCommand, parseLine } from "../protocols/line/commands.ts";
import { LineDecoder, type LineInput } from "../protocols/line/decoder.ts";
import {
  closingLine,
  namePrompt,
  passwordPrompt,
  refusalLine,
  unfinishedLine,
} from "../protocols/line/render.ts";
import type { Audience } from "./audience.ts";
import { type Connection, type DoorSession, type DoorTell, hold } from "./connection.ts";
import { FloodLimit } from "./flood-limit.ts";
import type { DoorContext } from "./front.ts";
import { InputQueue } from "./input-queue.ts";
import type { Note, Query, Tag } from "./link.ts";

/** So many names may be refused before the connection is closed. */
const maxRefusedNames = 3;

/** An empty line does nothing, but has to be read all the same. */
const emptyLineCost = 0.05;

/** A connection of somebody at netcat or telnet: the first line is the name, every other one is chat. */
export class LineDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #context: DoorContext;
  readonly #decoder: LineDecoder;
  readonly #input: InputQueue<LineInput>;
  readonly #flood: FloodLimit | undefined;
  #stage: "name" | "password" | "waiting" | "chatting" | "finished" = "name";
  /** The name that was given last, whose password is asked for where it belongs to an account. */
  #name = "";
  #refusedNames = 0;
  /** The room that is looked at, where what is written goes. */
  #room: StreamId | undefined = lobby;

  constructor(connection: Connection, context: DoorContext) {
    this.#connection = connection;
    this.#context = context;
    this.#decoder = new LineDecoder(context.settings.maxLineBytes);
    this.#input = new InputQueue(this.#decoder);
    const { flood } = context.settings;
    this.#flood = flood && new FloodLimit(flood, context.clock.monotonic());
  }

  get protocol(): "line" {
    return "line";
  }

  receive(chunk: Buffer): void {
    this.#input.add(chunk);
    this.#advance();
  }

  end(): void {
    this.#input.hasEnded = true;
    this.#advance();
  }

  answered(refusal: Refusal | undefined): void {
    if (refusal === undefined) this.#stage = "chatting";
    else this.#refused(refusal.reason === "name-registered" ? "password" : "name");
    this.#connection.release(hold.entry);
    this.#advance();
  }

  looked(): void {
    this.#connection.release(hold.look);
    this.#advance();
  }

  told(tell: DoorTell): void {
    switch (tell.kind) {
      case "room-entered":
        if (tell.tag === "deed") this.#lookAt(tell.entry.room.stream);
        return;
      case "room-left":
        if (tell.room.stream === this.#room) this.#lookElsewhere();
        return;
      case "signed-in":
        if (this.#stage === "waiting") this.#enter(this.#name);
        else this.looked();
        return;
      case "refused":
        if (this.#stage === "waiting") {
          this.#refused("password");
          this.#connection.release(hold.entry);
          this.#advance();
        } else {
          this.looked();
        }
        return;
      case "scram":
        return;
    }
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
      const line = this.#input.take();
      if (line === undefined) {
        if (this.#input.hasEnded) this.#finish();
        return;
      }
      this.#take(line);
    }
  }

  get #waits(): boolean {
    const held = hold.entry | hold.look | hold.flood | hold.backlog;
    return this.#stage === "finished" || this.#connection.isHeld(held);
  }

  #take(line: LineInput): void {
    if (this.#stage === "chatting") this.#chat(line);
    else this.#login(line);
  }

  #login(input: LineInput): void {
    if (input.kind === "too-long") {
      this.#write(refusalLine(this.#context.clock.now(), this.#tooLong()));
      this.#refused("name");
    } else if (this.#stage === "name") {
      this.#name = input.text;
      this.#connection.hold(hold.entry);
      this.#enter(input.text);
    } else if (input.text === "") {
      this.#refused("name");
    } else {
      this.#signIn(input.text);
    }
  }

  #enter(name: string): void {
    this.#stage = "waiting";
    this.#context.ask({
      kind: "enter",
      session: this.#connection.id,
      door: "line",
      name,
      user: "line",
      realName: "",
      token: undefined,
      position: undefined,
    });
  }

  #signIn(password: string): void {
    this.#stage = "waiting";
    this.#connection.hold(hold.entry);
    this.#context.ask({
      kind: "sign-in",
      session: this.#connection.id,
      tag: "sign-in",
      proof: { kind: "password", account: this.#name, password },
    });
  }

  /** A name or its password was refused, and the person was told why. `next`: what is asked for then. */
  #refused(next: "name" | "password"): void {
    this.#stage = next;
    this.#refusedNames += 1;
    if (this.#refusedNames < maxRefusedNames) {
      this.#write(next === "name" ? namePrompt : passwordPrompt);
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
      this.#leave(quitText(""));
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
    const ms = this.#flood?.refuse(cost, clock.monotonic()) ?? 0;
    if (ms === 0) return;
    this.#connection.hold(hold.flood);
    clock.after(ms, () => {
      this.#connection.release(hold.flood);
      this.#advance();
    });
  }

  #command(command: Exclude<LineCommand | LineInput, { kind: "nothing" | "line" | "quit" }>): void {
    switch (command.kind) {
      case "too-long":
        this.#refuse(this.#tooLong());
        return;
      case "say":
        this.#say(command.text, "text");
        return;
      case "say-in":
        this.#sayIn(command);
        return;
      case "action":
        this.#say(command.text, "action");
        return;
      case "tell":
        this.#send(`@${command.to}`, command.text, "text");
        return;
      case "list": {
        const { beginning } = command;
        this.#query("list", { kind: "people", room: this.#room ?? lobby, beginning });
        return;
      }
      case "join": {
        const own = this.#ownRoom(command.room);
        if (own === undefined) this.#do(command);
        else this.#turnTo(own);
        return;
      }
      case "look-at": {
        const own = this.#ownRoom(command.room);
        if (own === undefined) this.#refuse({ reason: "not-in-room", room: command.room });
        else this.#turnTo(own);
        return;
      }
      case "in-room":
        this.#inRoom(command.room, (room) => this.#do({ ...command.deed, room }));
        return;
      case "room":
        this.#inRoom(command.room, (room) => this.#query("list", { kind: "room", room }));
        return;
      case "rooms":
        this.#query("list", { kind: "rooms" });
        return;
      case "rename":
      case "away":
      case "ignore":
      case "unignore":
        this.#do(command);
        return;
      case "ignored":
        this.#query("list", command);
        return;
      case "password": {
        const { before, after } = command;
        this.#connection.hold(hold.look);
        const session = this.#connection.id;
        this.#context.ask({ kind: "change-password", session, tag: "deed", before, after });
        return;
      }
      case "devices":
      case "forget": {
        const revoke = command.kind === "forget" ? command.device : undefined;
        this.#context.ask({ kind: "devices", session: this.#connection.id, tag: "list", revoke });
        return;
      }
      case "register": {
        const { password, email } = command;
        this.#connection.hold(hold.look);
        const session = this.#connection.id;
        this.#context.ask({ kind: "register", session, tag: "sign-in", name: undefined, password, email });
        return;
      }
      case "login": {
        const { name: account, password } = command;
        this.#connection.hold(hold.look);
        const proof = { kind: "password", account, password } as const;
        this.#context.ask({ kind: "sign-in", session: this.#connection.id, tag: "sign-in", proof });
        return;
      }
      case "whois":
        this.#query("list", { kind: "person", name: command.name });
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
        this.#context.ask({
          kind: "search",
          session: this.#connection.id,
          tag: "search",
          query: command.text,
        });
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

  #say(text: string, speech: "text" | "action"): void {
    if (this.#room === undefined) this.#refuse({ reason: "in-no-room" });
    else this.#send(this.#room, text, speech);
  }

  /** A line that begins with a room's name is for that room, unless its writer knows of no rooms at all. */
  #sayIn({ room, text, line }: Extract<LineCommand, { kind: "say-in" }>): void {
    const own = this.#ownRoom(room);
    if (own !== undefined) this.#send(own.stream, text, "text");
    else if (this.#connection.rooms.length > 1) this.#refuse({ reason: "not-in-room", room });
    else this.#say(line, "text");
  }

  #anyRoom(): Audience | undefined {
    const { rooms } = this.#connection;
    return rooms.find(({ stream }) => stream === lobby) ?? rooms.find(({ stream }) => stream !== "");
  }

  /** One of the rooms that this connection is in, by its name. */
  #ownRoom(typed: string): Audience | undefined {
    const fold = foldOf(this.#context.settings.casemapping);
    const wanted = fold(typed.startsWith("#") ? typed : `#${typed}`);
    return this.#connection.rooms.find(({ name, stream }) => stream !== "" && fold(name) === wanted);
  }

  #inRoom(typed: string | undefined, act: (room: string) => void): void {
    const room = typed ?? this.#room;
    if (room === undefined) this.#refuse({ reason: "in-no-room" });
    else act(room);
  }

  /** What is written next is not meant for the room that one was put out of, and goes elsewhere: that is said. */
  #lookElsewhere(): void {
    const room = this.#anyRoom();
    if (room === undefined) this.#lookAt(undefined);
    else this.#turnTo(room);
  }

  #turnTo({ stream, name }: Audience): void {
    this.#lookAt(stream);
    this.#note({ kind: "looking-at", room: name });
  }

  #lookAt(room: StreamId | undefined): void {
    this.#room = room;
    this.#context.lookAt(this.#connection, room);
  }

  /** What is written after it may be meant for the room that one is in by then. */
  #do(deed: Deed): void {
    this.#connection.hold(hold.look);
    this.#context.ask({ kind: "do", session: this.#connection.id, tag: "deed", deed });
  }

  #query(tag: Tag, query: Query): void {
    this.#context.ask({ kind: "look", session: this.#connection.id, tag, query });
  }

  #send(to: string, text: string, speech: "text" | "action"): void {
    const session = this.#connection.id;
    this.#context.ask({
      kind: "send",
      session,
      to,
      text,
      speech,
      replyTo: undefined,
      threadRoot: undefined,
      counter: undefined,
    });
  }

  #look(tag: Tag, how: { readonly after: number | undefined; readonly limit: number | undefined }): void {
    const session = this.#connection.id;
    this.#connection.hold(hold.look);
    const stream = this.#room ?? lobby;
    const onlyShown = tag === "history";
    this.#context.ask({ kind: "history", session, tag, stream, before: undefined, onlyShown, ...how });
  }

  #refuse(refusal: Refusal): void {
    this.#note({ kind: "refused", refusal, tag: undefined });
  }

  #note(note: Note): void {
    this.#context.ask({ kind: "note", session: this.#connection.id, note });
  }

  #leave(text?: string): void {
    this.#stage = "finished";
    this.#input.clear();
    this.#context.ask({ kind: "closed", session: this.#connection.id, finished: true, why: undefined, text });
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
