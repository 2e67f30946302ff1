import { clientLimits, IrcDecoder, type IrcInput } from "../../protocols/irc/decoder.ts";
import { labelOf } from "../../protocols/irc/labels.ts";
import { type IrcMessage, parseMessage } from "../../protocols/irc/message.ts";
import type { ClosingReason } from "../../protocols/websocket/messages.ts";
import type { Audience } from "../audience.ts";
import { type Connection, type DoorSession, hold } from "../connection.ts";
import { FloodLimit } from "../flood-limit.ts";
import type { DoorContext } from "../front.ts";
import { InputQueue } from "../input-queue.ts";
import type { PersonalTell, Tag } from "../link.ts";
import { channelRenamed } from "./channels.ts";
import { findCommand } from "./commands.ts";
import type { IrcFraming } from "./dialect.ts";
import { batchFor, isEnd, takeLine } from "./multiline.ts";
import { personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import { IrcSession } from "./session.ts";

/** A connection of somebody with an IRC client. */
export class IrcDoor implements DoorSession {
  readonly #connection: Connection;
  readonly #context: DoorContext;
  readonly #session: IrcSession;
  readonly #input = new InputQueue(new IrcDecoder(clientLimits));
  readonly #flood: FloodLimit | undefined;

  constructor(connection: Connection, context: DoorContext, framing: IrcFraming = "lines") {
    this.#connection = connection;
    this.#context = context;
    this.#session = new IrcSession(connection, { context, framing, word: personalMessages });
    this.#session.setCapabilities(this.#session.capabilities);
    const { flood } = context.settings;
    this.#flood = flood && new FloodLimit(flood, context.clock.monotonic());
  }

  get protocol(): "irc" {
    return "irc";
  }

  receive(chunk: Buffer): void {
    this.#input.add(chunk);
    this.#advance();
  }

  end(): void {
    this.#input.hasEnded = true;
    this.#advance();
  }

  answered(): void {
    this.#connection.release(hold.entry);
    this.looked();
  }

  looked(): void {
    if (this.#session.isAwaiting) return;
    this.#connection.release(hold.look);
    this.#advance();
  }

  word(tell: PersonalTell): readonly string[] {
    return this.#session.worded(tell);
  }

  takesForAnswer(tag: Tag | undefined): boolean {
    return this.#session.takesForAnswer(tag);
  }

  told(): void {
    this.looked();
  }

  renamed(room: Audience, how: { readonly was: string; readonly why: string }): void {
    channelRenamed(this.#session, room.name, how);
  }

  drained(): void {
    this.#advance();
  }

  close(_reason: ClosingReason | undefined): void {
    this.#session.stage = "finished";
    this.shut();
  }

  /** Ends the connection after what was written. */
  protected shut(): void {
    this.#connection.socket.end();
  }

  /** Looks at what came in, as far as there is nothing to wait for. */
  #advance(): void {
    while (!this.#waits) {
      const line = this.#input.take();
      if (line === undefined) {
        if (this.#input.hasEnded) this.#session.quit(undefined);
        return;
      }
      this.#take(line);
    }
  }

  get #waits(): boolean {
    const held = hold.entry | hold.look | hold.flood | hold.backlog;
    return this.#session.stage === "finished" || this.#connection.isHeld(held);
  }

  #take(input: IrcInput): void {
    const session = this.#session;
    switch (input.kind) {
      case "too-long":
        session.carryOut(undefined, () => session.reply(session.numeric("ERR_INPUTTOOLONG", [])));
        this.#owe(1);
        return;
      case "not-utf8":
        session.carryOut(input.label, () => {
          const text = "Messages must be in UTF-8";
          session.reply(session.fail(input.command, "INVALID_UTF8", [], text));
        });
        this.#owe(1);
        return;
      case "line": {
        const message = parseMessage(input.text);
        if (typeof message !== "string") this.#carryOut(message);
        return;
      }
    }
  }

  #carryOut(message: IrcMessage): void {
    const session = this.#session;
    const { command } = message;
    const batch = batchFor(session, message);
    // What makes one message costs as much as one, and a batch can always be ended.
    const isFree = batch !== undefined && (!batch.hasFailed || isEnd(message));
    const retryAfterMs = isFree ? 0 : (this.#flood?.take(this.#context.clock.monotonic()) ?? 0);
    if (batch !== undefined && retryAfterMs === 0) {
      takeLine(session, batch, message);
      return;
    }
    session.carryOut(labelOf(message.tags), () => {
      if (retryAfterMs > 0 && command !== "PONG" && command !== "QUIT") {
        const refusal = { reason: "too-fast", retryAfterMs } as const;
        session.reply(...refusalMessages(session, refusal, { command }));
        this.#owe(1);
        return;
      }
      this.#act(message);
    });
  }

  #act(message: IrcMessage): void {
    const session = this.#session;
    const { command, params } = message;
    const found = findCommand(command);
    if (found === undefined) {
      // Who has not come in is told of that first, whatever it was.
      session.reply(
        session.stage === "here"
          ? session.numeric("ERR_UNKNOWNCOMMAND", [command])
          : session.numeric("ERR_NOTREGISTERED", []),
      );
    } else if (found.early !== true && session.stage !== "here") {
      session.reply(session.numeric("ERR_NOTREGISTERED", []));
    } else if (params.length < found.params) {
      session.reply(session.numeric("ERR_NEEDMOREPARAMS", [command]));
    } else {
      found.act(session, message);
    }
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
}
