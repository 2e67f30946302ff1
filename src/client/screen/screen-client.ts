import { passwordChangedText } from "../../protocols/line/accounts.ts";
import { oneLine } from "../../protocols/line/render.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { showServerAddress } from "../address.ts";
import { Engine } from "../engine.ts";
import type { EngineEvent } from "../engine-event.ts";
import type { Welcome } from "../order.ts";
import { pinnedLines, unsentText } from "../plain-texts.ts";
import { secureOpener } from "../secure-socket.ts";
import { arrived, connected, found, note } from "../state/incoming.ts";
import { entryRefused, roomsArrived } from "../state/incoming-rooms.ts";
import { join, say } from "../state/outgoing.ts";
import { Display } from "./display.ts";
import type { Key } from "./keys.ts";
import { Past } from "./past.ts";
import type { Memory } from "./remembered.ts";
import type { ScreenClientOptions } from "./screen-client-options.ts";
import { pressKey, type ScreenActions } from "./screen-keys.ts";
import { type Mode, ScreenState } from "./state.ts";

type Refused = Extract<EngineEvent, { kind: "name-refused" }>;

/** Runs the full-screen client until its person leaves. Resolves to the exit code; the terminal is then as it was. */
export async function runScreenClient(options: ScreenClientOptions): Promise<number> {
  return await new Promise((resolve) => new ScreenClient(options, resolve).begin());
}

function namingAfter({ name, reason, text, wantsPassword }: Refused): Mode {
  if (!wantsPassword) return { kind: "naming", problem: text };
  const problem =
    reason === "name-registered" ? `'${name}' has a password. An empty line: another name` : text;
  return { kind: "naming", problem, account: name };
}

class ScreenClient implements ScreenActions {
  readonly state = new ScreenState();
  emoji: Readonly<Record<string, string>> = {};
  readonly #options: ScreenClientOptions;
  readonly #finish: (exitCode: number) => void;
  readonly #display: Display;
  readonly #suspend: () => void;
  readonly #onAbort = (): void => this.#stop();
  #engine: Engine | undefined;
  #welcome: Welcome | undefined;
  #said = "";
  /** A certificate that was seen for the first time, to be told of when there is something to see. */
  #pinned: string | undefined;
  #over = false;
  readonly #past: Past;

  constructor(options: ScreenClientOptions, finish: (exitCode: number) => void) {
    this.#options = options;
    this.#finish = finish;
    const { input, output, settings, colours, host, port } = options;
    const where = showServerAddress({ host, port });
    this.#display = new Display(this.state, {
      input,
      output,
      settings,
      colours,
      where,
      onKey: (key) => this.#key(key),
      onLost: () => this.#stop(),
    });
    this.#past = new Past(this.state, this.#display, () => this.#engine);
    this.#suspend = options.suspend({
      away: () => this.#display.terminal.close(),
      back: () => this.#display.open(),
    });
    options.onRestore(() => this.#display.terminal.close());
  }

  begin(): void {
    const { name, signal } = this.#options;
    signal.addEventListener("abort", this.#onAbort);
    this.#display.open();
    if (name === undefined) this.state.mode = { kind: "naming", problem: "" };
    else this.name(name);
    this.#display.now();
    if (signal.aborted) this.#stop();
  }

  name(text: string): void {
    this.state.mode = { kind: "typing" };
    this.state.connection = { kind: "connecting" };
    if (this.#engine !== undefined) {
      this.#engine.rename(text);
      return;
    }
    const { host, port, recall, device, tls } = this.#options;
    this.#engine = new Engine({
      host,
      port,
      name: text,
      tokenOf: (name) => recall(name)?.token,
      device,
      openSocket: secureOpener(tls, {
        secured: (isTls) => {
          this.state.isTls = isTls;
        },
        pinned: (fingerprint) => {
          this.#pinned = fingerprint;
        },
      }),
      // Above those of earlier visits, which began earlier and said less than a message a millisecond.
      firstCounter: Date.now(),
      onEvent: (event) => this.#told(event),
      onLatency: (ms) => {
        this.state.latencyMs = ms;
        this.#display.soon();
      },
    });
    this.#engine.start();
  }

  signIn(password: string): boolean {
    const { mode } = this.state;
    if (this.#engine?.signIn(password) !== true) return false;
    if (mode.kind === "naming") this.state.mode = { ...mode, problem: "" };
    return true;
  }

  submit(text: string): void {
    this.state.anchor = undefined;
    this.state.conversation.markAbove = undefined;
    this.state.unread = 0;
    this.#say(text);
    this.state.reply = undefined;
  }

  accept(): void {
    const { invitation } = this.state;
    if (invitation !== undefined && this.#engine !== undefined)
      join(this.state, this.#engine, { room: invitation });
  }

  #say(text: string): void {
    if (this.#engine === undefined) return;
    const todo = say(this.state, this.#engine, text);
    if (todo === undefined) return;
    switch (todo.kind) {
      case "quit":
        this.leave();
        return;
      case "history":
        this.scroll({ pages: -1 });
        this.#past.older(todo.count);
        return;
      case "since":
        this.#past.goTo(todo.number);
        return;
    }
  }

  leave(): void {
    const engine = this.#engine;
    if (
      engine === undefined ||
      this.state.connection.kind === "leaving" ||
      this.state.mode.kind === "naming"
    ) {
      this.#stop();
      return;
    }
    this.state.connection = { kind: "leaving" };
    if (engine.waiting > 0) {
      const what = engine.waiting === 1 ? "1 line is" : `${engine.waiting} lines are`;
      note(this.state, Date.now(), `Leaving when ${what} sent. Press Ctrl-C to leave at once.`);
    }
    void engine.quit();
  }

  suspend(): void {
    this.#suspend();
  }

  redraw(): void {
    this.#display.terminal.redraw();
  }

  scroll(by: { readonly rows: number } | { readonly pages: number }): void {
    this.#display.scroll("rows" in by ? by.rows : by.pages * Math.max(1, this.#display.height - 2));
    this.#past.prefetch();
  }

  scrollTo(place: "oldest" | "newest" | "mark"): void {
    const { state } = this;
    if (place === "newest") {
      state.anchor = undefined;
      state.unread = 0;
    } else if (place === "oldest") {
      this.#display.scroll(Number.NEGATIVE_INFINITY);
      this.#past.older();
    } else if (state.conversation.markAbove !== undefined) {
      this.reveal(state.conversation.markAbove);
    }
  }

  search(direction: "older" | "newer"): void {
    this.#past.search(direction);
  }

  lastShown(): number | undefined {
    return this.#display.bottom;
  }

  reveal(serial: number): void {
    this.#display.reveal(serial);
  }

  show(event: WireEvent): void {
    this.#past.show(event);
  }

  async needEmoji(): Promise<void> {
    this.emoji = (await import("gemoji")).nameToEmoji;
    this.#display.soon();
  }

  #key(key: Key): void {
    if (key.kind === "focus") {
      this.#focus(key.here);
      return;
    }
    pressKey(this, key);
    if (this.state.here === undefined || this.state.here) this.state.current.mentions = 0;
    if (this.state.anchor === undefined) this.state.unread = 0;
  }

  #focus(here: boolean): void {
    const { state } = this;
    // Who looks away again without having read on keeps the old mark.
    if (!here && state.here !== false && state.anchor === undefined) state.conversation.markAbove = undefined;
    state.here = here;
    if (here) state.current.mentions = 0;
  }

  #told(event: EngineEvent): void {
    this.#display.soon();
    const { state } = this;
    switch (event.kind) {
      case "name-refused":
        state.mode = namingAfter(event);
        return;
      case "connected":
        this.#connected(event);
        return;
      case "reconnecting": {
        const seconds = Math.ceil(event.inMs / 1000);
        state.connection = { kind: "lost", text: `not connected, trying again in ${seconds} s` };
        state.latencyMs = undefined;
        if (event.lost)
          note(state, Date.now(), `Connection lost${this.#said === "" ? ` (${event.why})` : ""}`, "error");
        this.#said = "";
        return;
      }
      case "closing":
        this.#said = event.text;
        note(state, event.at, event.text);
        return;
      case "page":
        this.#past.page(event);
        return;
      case "found":
        found(state, event, Date.now());
        return;
      case "closed":
        this.#closed(event);
        return;
      case "refused":
        if (event.ask?.type === "history") this.#past.giveUp(event.ask.stream);
        if (event.ask?.type === "join") entryRefused(state, event.ask.room, Date.now(), event.text);
        else this.#display.alert(arrived(state, event, Date.now()));
        return;
      case "connecting":
      case "event":
      case "ack":
      case "online":
      case "caught-up":
      case "gap":
        this.#display.alert(arrived(state, event, Date.now()));
        return;
      case "signed-in":
        this.#signedIn(event);
        return;
      case "password-changed":
        note(state, event.at, passwordChangedText(undefined));
        return;
      case "joined":
      case "left":
      case "renamed":
      case "own-name":
      case "room-entered":
      case "room-left":
      case "room-lost":
      case "invited":
      case "happened":
      case "answer":
        this.#display.alert(roomsArrived(state, event, Date.now()));
        return;
    }
  }

  #signedIn(event: Extract<EngineEvent, { kind: "signed-in" }>): void {
    const { token = this.#welcome?.token } = event;
    if (this.#welcome !== undefined && token !== undefined) this.#welcome = { ...this.#welcome, token };
    note(this.state, event.at, `The name ${event.account} is yours from now on`);
    this.#remember(this.#options.recall(event.account)?.seen);
  }

  #remember(seen: Memory["seen"]): void {
    if (this.#welcome === undefined) return;
    const { you, token } = this.#welcome;
    const { recall, remember } = this.#options;
    const isAccount = this.#engine?.isSignedIn === true || recall(you.name)?.isAccount === true;
    remember(you.name, { seen, token, isAccount });
  }

  #connected(event: Extract<EngineEvent, { kind: "connected" }>): void {
    const { welcome } = event;
    const seen = this.#options.recall(welcome.you.name)?.seen;
    this.#welcome = welcome;
    connected(this.state, event, { seen, now: Date.now() });
    if (this.#pinned !== undefined) note(this.state, Date.now(), pinnedLines(this.#pinned).join(" "));
    this.#pinned = undefined;
    this.#remember(seen);
    this.#said = "";
    // The first that is shown says that more is being read.
    this.#past.begin();
    this.#display.now();
  }

  /** At once. */
  #stop(): void {
    if (this.#engine === undefined) this.#end(0, "");
    else this.#engine.stop();
  }

  #closed({ reason, text, unsent, uncertain }: Extract<EngineEvent, { kind: "closed" }>): void {
    const words = `${text === "" ? "" : oneLine(text)}${unsentText(unsent, uncertain)}`;
    this.#end(reason === "left" && unsent.length === 0 ? 0 : 1, words);
  }

  /** `words` stay on the terminal. */
  #end(exitCode: number, words: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#options.signal.removeEventListener("abort", this.#onAbort);
    this.#display.close(words);
    const { conversation, unread } = this.state.home;
    const number = conversation.newest(unread > 0 ? conversation.markAbove : undefined);
    if (this.#welcome !== undefined) {
      const { epoch } = this.#welcome;
      this.#remember(number === undefined ? undefined : { epoch, number });
    }
    this.#finish(exitCode);
  }
}
