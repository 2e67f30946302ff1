import type { Readable, Writable } from "node:stream";
import { ReadStream, WriteStream } from "node:tty";
import { type Instant, isRoom, lobby } from "../chat/event.ts";
import { printable } from "../chat/text.ts";
import { passwordChangedLine } from "../protocols/line/accounts.ts";
import { foundBlock } from "../protocols/line/found.ts";
import { goneLine, historyBlock, sinceBlock } from "../protocols/line/history.ts";
import {
  absenceText,
  errorLine,
  eventLine,
  joined,
  left,
  namePrompt,
  oneLine,
  onlineList,
  refusalLine,
  renamedLine,
  type Show,
  systemLine,
  welcome,
} from "../protocols/line/render.ts";
import * as roomTexts from "../protocols/line/rooms.ts";
import type { WireEvent, WirePerson } from "../protocols/websocket/messages.ts";
import { answerText } from "./answer-texts.ts";
import { Engine } from "./engine.ts";
import type { EngineEvent } from "./engine-event.ts";
import type { EngineOptions } from "./engine-options.ts";
import { PipedScreen } from "./piped-screen.ts";
import { PlainCommands } from "./plain-commands.ts";
import { PlainRooms } from "./plain-rooms.ts";
import * as texts from "./plain-texts.ts";
import { secureOpener, type TlsEvents, type TlsMeans } from "./secure-socket.ts";
import { formattedLine, type Looks } from "./sgr.ts";
import { TerminalScreen } from "./terminal-screen.ts";
import type { LineScreen, TypedLines } from "./typed-lines.ts";
import { openWebSocket } from "./ws-socket.ts";

export interface PlainClientOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly host: string;
  readonly port: number;
  /** `undefined`: asked for; where nobody is there to be asked, the first line of the input. */
  readonly name?: string | undefined;
  /**
   * Whether lines may be edited in place with escape sequences. By default where input and output are terminals;
   * to be switched off for `TERM=dumb`.
   */
  readonly terminal?: boolean;
  /** What this device is called among those on which somebody is signed in. */
  readonly device?: string;
  /** The token by which an account is signed in here. */
  readonly tokenOf?: (name: string) => string | undefined;
  /** Called with the token of an account that is signed in, to be kept for the next visit. */
  readonly keepToken?: (name: string, token: string) => void;
  /** Where not given, TLS is not tried. */
  readonly tls?: TlsMeans;
  /** In which looks formatting is shown on a terminal; nowhere else, and not where they have no colours. */
  readonly looks?: Looks;
  /** When it aborts, the client leaves as with Ctrl-C. */
  readonly signal?: AbortSignal;
  /** The time of day, for what is said by the client itself. */
  readonly now?: () => Instant;
  /** How long leaving waits for each answer where the input is no terminal, in milliseconds. */
  readonly endPatienceMs?: number;
  /** For tests. */
  readonly engine?: Partial<
    Pick<EngineOptions, "clock" | "random" | "openSocket" | "backoff" | "outboxLimit">
  >;
}

/** Long enough for a server that is being restarted. */
const defaultEndPatienceMs = 30_000;

/**
 * The client that works line by line, on a terminal or a pipe. Resolves to the exit code when it is over: 0 after
 * leaving with everything sent, 1 where it was refused, ended by the server, or had to leave lines unsent. The
 * terminal is then as it was. Rejects only for a bug.
 */
export async function runPlainClient(options: PlainClientOptions): Promise<number> {
  return await new Promise((resolve) => new PlainClient(options, resolve).begin());
}

class PlainClient implements TypedLines {
  readonly #options: PlainClientOptions;
  readonly #finish: (exitCode: number) => void;
  readonly #now: () => Instant;
  readonly #screen: LineScreen;
  readonly #show: Show;
  /** Whether somebody is there, who can be asked and told. */
  readonly #attended: boolean;
  readonly #onAbort = (): void => this.interrupt();
  #engine: Engine | undefined;
  #expected: "name" | "password" | "answer" | "words" = "words";
  #saidWhy = false;
  #leaving = false;
  #over = false;
  #me: WirePerson = { id: "", name: "" };
  readonly #rooms = new PlainRooms();
  readonly #commands: PlainCommands;
  /** Resolves when the name is taken, or when there is no hope of it. */
  readonly #settled: Promise<void>;
  readonly #tlsEvents: TlsEvents = {
    // There is no place where it would stand.
    secured: () => undefined,
    pinned: (fingerprint) => {
      this.#screen.print(
        texts
          .pinnedLines(fingerprint)
          .map((line) => oneLine(line))
          .join(""),
      );
    },
  };
  #settle: () => void = () => undefined;

  constructor(options: PlainClientOptions, finish: (exitCode: number) => void) {
    this.#options = options;
    this.#finish = finish;
    this.#now = options.now ?? Date.now;
    this.#settled = new Promise((resolve) => {
      this.#settle = resolve;
    });
    const { input, output, terminal = true } = options;
    this.#attended = input instanceof ReadStream;
    const { looks } = options;
    const hasLooks = looks !== undefined && looks.colours !== "none" && output instanceof WriteStream;
    this.#show = hasLooks && terminal ? (line) => formattedLine(line, looks) : printable;
    this.#screen =
      terminal && input instanceof ReadStream && output instanceof WriteStream
        ? new TerminalScreen({ input, output }, this)
        : new PipedScreen({ input, output }, this, this.#attended);
    this.#commands = new PlainCommands({
      rooms: this.#rooms,
      now: this.#now,
      print: (lines) => this.#screen.print(lines),
      taken: (taken) => this.#taken(taken),
      leave: () => this.#leave(),
    });
  }

  begin(): void {
    const { name, signal } = this.#options;
    signal?.addEventListener("abort", this.#onAbort);
    if (name === undefined) this.#askName();
    else this.#join(name);
    if (signal?.aborted === true) this.interrupt();
  }

  async line(text: string): Promise<void> {
    if (this.#expected === "name") {
      this.#join(text);
      return;
    }
    if (this.#expected === "password") {
      this.#signIn(text);
      return;
    }
    // A file that is piped in is not a conversation: its words wait until its name is taken.
    if (!this.#attended) await this.#settled;
    if (this.#over || this.#leaving) return;
    if (this.#engine !== undefined) this.#commands.take(this.#engine, text);
    if (!this.#attended) await this.#engine?.room();
  }

  tooLong(maxBytes: number): void {
    this.#screen.print(refusalLine(this.#now(), { reason: "text-too-long", maxBytes }));
  }

  interrupt(): void {
    if (this.#leaving || this.#engine === undefined) this.#stop();
    else this.#leave();
  }

  end(): void {
    if (this.#engine === undefined || this.#expected === "name" || this.#expected === "password") {
      this.#stop();
      return;
    }
    if (this.#attended) this.#leave();
    else void this.#settled.then(() => this.#leave());
  }

  lost(): void {
    this.#stop();
  }

  #askName(): void {
    this.#expected = "name";
    this.#screen.question(namePrompt);
  }

  #join(name: string): void {
    this.#expected = "answer";
    this.#screen.prompt("");
    if (this.#engine !== undefined) {
      this.#engine.rename(name);
      return;
    }
    const { host, port, device, tokenOf, tls, engine } = this.#options;
    this.#screen.print(texts.connectingLine({ host, port }));
    this.#engine = new Engine({
      host,
      port,
      name,
      onEvent: (event) => this.#told(event),
      openSocket: openWebSocket,
      ...(device === undefined ? {} : { device }),
      ...(tls === undefined ? {} : { openSocket: secureOpener(tls, this.#tlsEvents) }),
      ...(tokenOf === undefined ? {} : { tokenOf, firstCounter: Date.now() }),
      ...engine,
    });
    this.#engine.start();
  }

  #signIn(password: string): void {
    if (password === "") {
      this.#askName();
      return;
    }
    this.#expected = "answer";
    this.#screen.prompt("");
    this.#engine?.signIn(password);
  }

  #taken(taken: boolean): void {
    const engine = this.#engine;
    if (engine === undefined) return;
    if (!taken) {
      const text = `Not sent: ${engine.waiting} lines are waiting already. Try again in a moment`;
      this.#screen.print(errorLine(this.#now(), text));
    } else if (this.#attended && !engine.live && this.#expected === "words") {
      this.#screen.print(texts.waitingLine(engine.waiting));
    }
  }

  #leave(): void {
    if (this.#leaving) return;
    this.#leaving = true;
    this.#screen.prompt("");
    const waiting = this.#engine?.waiting ?? 0;
    if (waiting > 0 && this.#attended) this.#screen.print(texts.sendingLine(waiting));
    const patienceMs = this.#options.endPatienceMs ?? defaultEndPatienceMs;
    void this.#engine?.quit(this.#attended ? {} : { patienceMs, eachAnswer: true });
  }

  /** At once. */
  #stop(): void {
    if (this.#engine === undefined) this.#end(0);
    else this.#engine.stop();
  }

  #told(event: EngineEvent): void {
    switch (event.kind) {
      case "connecting":
        return;
      case "name-refused":
        this.#nameRefused(event);
        return;
      case "connected":
        this.#connected(event);
        return;
      case "reconnecting":
        this.#screen.print(texts.reconnectingLine(event, this.#saidWhy));
        this.#saidWhy = false;
        return;
      case "event":
      case "happened":
        this.#screen.print(this.#eventText(event.event));
        return;
      case "ack":
        this.#acknowledged(event);
        return;
      case "refused":
        if (event.ask?.type === "join" || event.ask?.type === "part")
          this.#rooms.refused(event.ask.type, event.ask.room);
        this.#screen.print(errorLine(this.#now(), event.text));
        return;
      case "joined":
      case "left":
        this.#screen.print(this.#presenceText(event));
        return;
      case "renamed":
        this.#screen.print(renamedLine(event.at, event.from, event.person.name));
        return;
      case "own-name":
        this.#me = { ...this.#me, name: event.name };
        this.#screen.print(systemLine(event.at, `You are now called ${event.name}`));
        return;
      case "room-entered":
        this.#entered(event);
        return;
      case "room-left":
        this.#screen.print(roomTexts.left({ ...event, room: event }));
        this.#leftRoom(event.stream, event.at);
        return;
      case "room-lost":
        this.#lost(event);
        return;
      case "signed-in":
        this.#screen.print(systemLine(event.at, `The name ${event.account} is yours from now on`));
        if (event.token !== undefined) this.#options.keepToken?.(event.account, event.token);
        return;
      case "password-changed":
        this.#screen.print(passwordChangedLine(event.at, undefined));
        return;
      case "invited":
        this.#screen.print(roomTexts.invited(event.at, event.by.name, event.room));
        return;
      case "answer": {
        const nameOf = (room: string): string => this.#rooms.nameOf(this.#rooms.find(room) ?? room) ?? room;
        this.#screen.print(answerText(event, { now: this.#now(), nameOf, show: this.#show }));
        return;
      }
      case "page": {
        const { ask, page } = event;
        const now = this.#now();
        this.#screen.print(
          ask.after === undefined
            ? historyBlock(page.events, now, this.#show)
            : sinceBlock(page, { after: ask.after, now, show: this.#show }),
        );
        return;
      }
      case "found": {
        const { hits, found, complete: isComplete } = event.found;
        const asked = { query: event.ask.query, reader: this.#me.id };
        this.#screen.print(foundBlock({ hits, found, isComplete }, asked));
        return;
      }
      case "online":
        this.#screen.print(onlineList(event.online));
        return;
      case "caught-up":
        for (const [stream, online] of [[lobby, event.online] as const, ...event.rooms]) {
          if (stream === this.#rooms.current) this.#screen.print(onlineList(online));
        }
        return;
      case "gap":
        this.#screen.print(
          isRoom(event.stream) ? this.#rooms.before(event.stream) + goneLine(event) : texts.privateGoneText,
        );
        return;
      case "closing":
        this.#saidWhy = true;
        this.#screen.print(systemLine(event.at, event.text));
        return;
      case "closed":
        this.#closed(event);
        return;
    }
  }

  #nameRefused({ name, text, reason, wantsPassword }: Extract<EngineEvent, { kind: "name-refused" }>): void {
    const isAsked = this.#attended && wantsPassword;
    if (!isAsked || reason !== "name-registered") this.#screen.print(oneLine(text));
    if (isAsked) {
      this.#expected = "password";
      this.#screen.question(texts.passwordQuestion(name), { isSecret: true });
      return;
    }
    if (this.#attended) {
      this.#askName();
      return;
    }
    this.#end(1);
    this.#engine?.stop();
  }

  #connected(event: Extract<EngineEvent, { kind: "connected" }>): void {
    const { you, online, recent } = event.welcome;
    this.#me = you;
    this.#commands.operatorSees = event.welcome.operatorSeesPrivate;
    this.#saidWhy = false;
    this.#expected = "words";
    if (this.#engine?.isSignedIn === true) this.#options.keepToken?.(you.name, event.welcome.token);
    const more = this.#rooms.begin(event.welcome);
    const now = this.#now();
    const history = recent.length === 0 || event.continued ? "" : historyBlock(recent, now, this.#show);
    if (event.again) {
      this.#screen.print(texts.reconnectedText(event, this.#engine?.waiting ?? 0) + history);
    } else {
      this.#screen.print(texts.connectedText + welcome(you.name) + onlineList(online) + history);
      this.#settle();
    }
    for (const name of more) this.#screen.print(systemLine(now, `You are in ${name} as well`));
    if (!this.#leaving) this.#screen.prompt(texts.youPrompt);
  }

  /** A room that has a name from now on has it in front of the line that says so. */
  #eventText(event: WireEvent): string {
    if (event.kind === "room-name") this.#rooms.renamed(event.stream, event.text);
    const how = { reader: this.#me.id, show: this.#show, front: this.#rooms.before(event.stream) };
    return eventLine(event, how);
  }

  #presenceText(event: Extract<EngineEvent, { kind: "joined" | "left" }>): string {
    const { at, stream = lobby, text, count } = event;
    const people = { count, names: event.people.map((person) => person.name) };
    // Who goes altogether leaves the chat, whichever room one knows him from: none is named then.
    const front = event.stream !== undefined && this.#rooms.has(stream) ? this.#rooms.before(stream) : "";
    const where = stream === lobby ? undefined : (this.#rooms.nameOf(stream) ?? stream);
    return front + (event.kind === "joined" ? joined(at, people, where) : left(at, people, where, text));
  }

  #entered({ at, entry, ask, before, continued }: Extract<EngineEvent, { kind: "room-entered" }>): void {
    const { stream } = entry.room;
    if (before !== undefined && before !== stream) this.#rooms.replaced(before, stream);
    this.#rooms.entered(entry.room, ask?.room);
    if (!continued) this.#screen.print(roomTexts.entered(entry, at, this.#show));
  }

  #lost({ stream, name, text }: Extract<EngineEvent, { kind: "room-lost" }>): void {
    const at = this.#now();
    this.#screen.print(roomTexts.left({ at, room: { name }, why: "removed" }));
    if (text !== undefined) this.#screen.print(errorLine(at, text));
    this.#leftRoom(stream, at);
  }

  /** What is written next goes to another room where it was looked at: that is said. */
  #leftRoom(stream: string, at: Instant): void {
    const before = this.#rooms.current;
    this.#rooms.left(stream);
    const { current } = this.#rooms;
    if (current !== before && current !== undefined)
      this.#screen.print(systemLine(at, `You look at ${this.#rooms.nameOf(current)} now`));
  }

  /** One's own line stands where it was typed; a private message is confirmed, since it is not seen to go out. */
  #acknowledged({ send, ack }: Extract<EngineEvent, { kind: "ack" }>): void {
    if (ack.to === undefined) return;
    const event = {
      number: ack.number,
      at: ack.at,
      kind: send.kind,
      from: this.#me,
      to: ack.to,
      text: send.text,
    };
    const absence = absenceText(ack.to.name, { away: ack.away, isKept: ack.kept });
    const more = absence === undefined ? "" : systemLine(ack.at, absence);
    this.#screen.print(eventLine(event, { reader: this.#me.id }) + more);
  }

  #closed({ reason, text, unsent, uncertain }: Extract<EngineEvent, { kind: "closed" }>): void {
    this.#screen.prompt("");
    if (text !== "" && !this.#saidWhy) this.#screen.print(oneLine(text));
    this.#screen.print(texts.unsentText(unsent, uncertain));
    this.#end(reason === "left" && unsent.length === 0 ? 0 : 1);
  }

  #end(exitCode: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
    this.#screen.close();
    this.#settle();
    this.#finish(exitCode);
  }
}
