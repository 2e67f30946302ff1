import { isRoom } from "../chat/event.ts";
import { Engine } from "../client/engine.ts";
import type { EngineEvent } from "../client/engine-event.ts";
import type { Send } from "../client/outbox.ts";
import type { OpenSocket } from "../client/socket.ts";
import { BackReader } from "../client/state/back-reader.ts";
import { atOf } from "../client/state/conversation.ts";
import { type Alert, arrived, connected, found, note } from "../client/state/incoming.ts";
import { entryRefused, roomsArrived } from "../client/state/incoming-rooms.ts";
import { join, say } from "../client/state/outgoing.ts";
import { passwordChangedText } from "../protocols/line/accounts.ts";
import type { WireEvent } from "../protocols/websocket/messages.ts";
import type { Memory } from "./memory.ts";
import type { WebPlace } from "./web-place.ts";
import { WebState } from "./web-state.ts";

type Of<Kind extends EngineEvent["kind"]> = Extract<EngineEvent, { readonly kind: Kind }>;

const pageLimit = 100;
/** So many are kept in each room; what is older is read again where somebody looks back. */
const maxKept = 20_000;
/** Looking for a message reads as much at once as a server gives, and gives up after so many pages. */
const searchLimit = 500;
const maxPages = 60;
/** Of so many private conversations the last message is read when one comes in, to know whom they are with. */
const maxConversations = 50;

export interface WebClientOptions {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** Which tab of the browser it is. */
  readonly tab: string;
  readonly memory: Memory;
  readonly openSocket: OpenSocket;
  /** Something is to be shown otherwise, in time for the next frame. */
  readonly changed: () => void;
  /** Something is to be shown otherwise before the next key is pressed. */
  readonly redraw: () => void;
  /** Somebody wants one's attention. */
  readonly alert: (alert: NonNullable<Alert>) => void;
}

/** The page's side of the conversation: what the engine tells becomes state, and what somebody does becomes asks. */
export class WebClient {
  readonly state = new WebState();
  readonly memory: Memory;
  readonly #options: WebClientOptions;
  readonly #reader: BackReader<WebPlace>;
  #engine: Engine | undefined;
  #epoch = "";
  /** Of how many private conversations the last message was asked for. */
  #asked = 0;
  /** How many lists of rooms are awaited that are not to be shown among what is said. */
  #quietLists = 0;
  /** What is gone on with when older messages of a room have come. */
  #then: { readonly place: WebPlace; readonly go: () => void } | undefined;

  constructor(options: WebClientOptions) {
    this.#options = options;
    this.memory = options.memory;
    this.#reader = new BackReader(this.state, () => this.#engine);
  }

  /** Something was changed by who looks at the page. */
  redraw(): void {
    this.#options.redraw();
  }

  /** Whether the browser says that there is a network. */
  setOnline(isOnline: boolean): void {
    this.state.isOnline = isOnline;
    if (isOnline) this.tryNow();
    this.redraw();
  }

  /** Tries to come back at once, where there is no connection. */
  tryNow(): void {
    this.#engine?.tryNow();
  }

  /** Comes in under a name, or tries another one. */
  enter(name: string): void {
    const trimmed = name.trim();
    if (trimmed === "") return;
    if (this.#engine !== undefined) {
      this.#engine.rename(trimmed);
      return;
    }
    const { host, port, secure, tab, openSocket, memory } = this.#options;
    this.#engine = new Engine({
      host,
      port,
      secure,
      tab,
      openSocket,
      lingers: true,
      name: trimmed,
      device: deviceName(),
      tokenOf: (of) => memory.token(of),
      // Above those of earlier loads of the page, which began earlier and said less than a message a millisecond.
      firstCounter: Date.now(),
      unsent: memory.unsent(),
      onEvent: (event) => {
        this.#told(event);
        for (const { conversation, scrolled } of this.state.places)
          conversation.trim(scrolled !== undefined, maxKept);
        memory.setUnsent(this.#engine?.unsent ?? []);
        this.#options.changed();
      },
    });
    this.#engine.start();
    this.redraw();
  }

  signIn(password: string): void {
    this.#engine?.signIn(password);
    this.redraw();
  }

  /** Another name than the one that wants a password. */
  forgetName(): void {
    this.state.entry = { kind: "name", problem: "" };
    this.redraw();
  }

  /** Says or does what was typed in the room that is looked at. */
  say(text: string): void {
    const { state } = this;
    const place = state.current;
    if (this.#engine === undefined) return;
    place.scrolled = undefined;
    this.setDraft(place, "");
    const todo = say(state, this.#engine, text);
    place.reply = undefined;
    if (todo?.kind === "quit") this.leave();
    if (todo?.kind === "history") this.older(place, todo.count);
    if (todo?.kind === "since") this.#goTo(place, todo.number);
    this.#keepUnsent();
    this.redraw();
  }

  /** Does what a command asks for, as if it had been typed, but that what is typed stays. */
  run(command: string): void {
    if (this.#engine !== undefined) say(this.state, this.#engine, command);
    this.redraw();
  }

  /** Makes the name that one has one's own. */
  register(password: string): void {
    this.#engine?.ask({ type: "register", password });
  }

  /** Has the rooms listed that there are. */
  listRooms(): void {
    if (this.#engine?.ask({ type: "rooms" }) === true) this.#quietLists += 1;
  }

  join(room: string, key: string | undefined): void {
    if (this.#engine !== undefined) join(this.state, this.#engine, { room, key });
    this.#show(this.state.current);
  }

  lookAt(place: WebPlace): void {
    this.state.lookAt(place);
    this.#show(place);
  }

  /** Talks with somebody alone. */
  talkWith(name: string): void {
    this.lookAt(this.state.placeWith(name));
  }

  /** A private conversation is shown no more, until something is said in it. */
  close(place: WebPlace): void {
    this.state.remove(place);
    this.#show(this.state.current);
  }

  setDraft(place: WebPlace, text: string): void {
    place.draft = text;
    this.memory.setDraft(place.key, text);
    this.redraw();
  }

  /** Somebody looks at the page, or does not. */
  setHere(here: boolean): void {
    const { state } = this;
    if (!here && state.sees(state.current)) state.conversation.markAbove = undefined;
    state.here = here;
    this.#seen();
    this.redraw();
  }

  /** Where the list of the room that is looked at stands. */
  scrolled(place: WebPlace, scrolled: WebPlace["scrolled"]): void {
    const wasThere = place.scrolled === undefined;
    place.scrolled = scrolled;
    if (wasThere !== (scrolled === undefined)) {
      this.#seen();
      this.redraw();
    }
  }

  /** To the newest message of the room that is looked at. */
  toNewest(): void {
    this.scrolled(this.state.current, undefined);
    this.redraw();
  }

  /** To the room in which one was mentioned last. */
  goToMention(): void {
    const place = this.state.places.find(({ mentions }) => mentions > 0);
    if (place !== undefined) this.lookAt(place);
  }

  /** Reads older messages of a room. */
  older(place: WebPlace, limit = pageLimit, then?: () => void): boolean {
    const isComing = this.#reader.older(place, limit);
    if (isComing && then !== undefined) this.#then = { place, go: then };
    return isComing;
  }

  search(query: string): void {
    this.state.found = undefined;
    this.state.isSearching = query.trim() !== "" && this.#engine?.search(query) === true;
    this.redraw();
  }

  /** To a message, be it by reading back to it. Resolves to whether it is there to be shown. */
  show(event: WireEvent): Promise<boolean> {
    const place = this.state.placeFor(event);
    if (place === undefined) return Promise.resolve(false);
    this.state.lookAt(place);
    return new Promise((resolve) => this.#find(place, event, { pagesLeft: maxPages, resolve }));
  }

  /** Leaves for good; the page asks for a name again. */
  leave(): void {
    const engine = this.#engine;
    this.memory.isIn = false;
    this.state.connection = { kind: "leaving" };
    void engine?.quit();
    this.redraw();
  }

  /** Puts the text of a message that was refused back to where it can be changed. */
  takeRefused(place: WebPlace): void {
    const event = place.conversation.takeRefused();
    if (event !== undefined) this.setDraft(place, event.text);
    this.redraw();
  }

  #told(event: EngineEvent): void {
    const { state } = this;
    const now = Date.now();
    switch (event.kind) {
      case "name-refused":
        state.entry = event.wantsPassword
          ? {
              kind: "password",
              account: event.name,
              problem: event.reason === "name-registered" ? "" : event.text,
            }
          : { kind: "name", problem: event.text };
        return;
      case "connected":
        this.#connected(event, now);
        return;
      case "reconnecting":
        state.connection = { kind: "lost", text: event.why };
        return;
      case "closing":
        note(state, event.at, event.text);
        return;
      case "page":
        this.#page(event);
        return;
      case "found":
        state.isSearching = false;
        found(state, event, now);
        if (event.found.hits.length === 0)
          state.showFound({ query: event.ask.query, hits: [], found: 0, isComplete: event.found.complete });
        return;
      case "closed":
        this.#closed(event);
        return;
      case "refused":
        this.#refused(event, now);
        return;
      case "connecting":
      case "event":
      case "ack":
      case "online":
      case "caught-up":
      case "gap":
        this.#alert(arrived(state, event, now));
        this.#seen();
        return;
      case "signed-in": {
        const { token, account } = event;
        if (token !== undefined) this.memory.setToken(account, token);
        note(state, event.at, `The name ${account} is yours from now on`);
        return;
      }
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
        if (event.kind === "answer" && event.answer.type === "rooms" && this.#quietLists > 0) {
          this.#quietLists -= 1;
          state.listed = event.answer.rooms;
          state.knownRooms = event.answer.rooms.map(({ name }) => name);
          return;
        }
        if (event.kind === "own-name") this.#ownName(event.name);
        this.#alert(roomsArrived(state, event, now));
        if (event.kind === "renamed") this.#renamed(event);
        this.#seen();
        return;
    }
  }

  #connected(event: Of<"connected">, now: number): void {
    const { state, memory } = this;
    const { welcome, again, continued } = event;
    this.#epoch = welcome.epoch;
    memory.name = welcome.you.name;
    memory.isIn = true;
    memory.setToken(welcome.you.name, welcome.token);
    const seen = memory.seen();
    connected(state, event, { seen: undefined, now });
    if (!again) for (const send of this.#engine?.unsent ?? []) this.#showUnsent(send);
    const isKnown = again ? continued : false;
    for (const [stream, head] of Object.entries(welcome.heads)) this.#takeUp(stream, head, isKnown);
    if (!again && seen?.epoch === welcome.epoch) {
      for (const place of state.places) this.#markSeen(place, seen.heads[place.stream ?? ""]);
    }
    this.#show(state.current);
  }

  /** What a private conversation held is read when it is looked at; of one that is not known its last message at once. */
  #takeUp(stream: string, head: number, isKnown: boolean): void {
    if (isRoom(stream) || head === 0) return;
    const place = this.state.placeAt(stream);
    if (place !== undefined) {
      if (!isKnown) place.conversation.begin([], { heads: { [stream]: head }, me: this.state.me.id });
      return;
    }
    if (this.#asked < maxConversations) {
      this.#asked += 1;
      this.#engine?.history({ stream, limit: 1 });
    }
  }
  /** What came since one was here last is marked and counted. */
  #markSeen(place: WebPlace, number: number | undefined): void {
    if (number === undefined) return;
    const { conversation } = place;
    conversation.markAfter(number);
    const mark = conversation.markAbove;
    if (mark === undefined) return;
    place.unread = conversation.items.filter(
      (item) => item.kind === "message" && item.serial >= mark && item.own === undefined,
    ).length;
  }

  #page(event: Of<"page">): void {
    const { ask, page } = event;
    const last = page.events.at(-1);
    if (this.state.isUnknownPrivate(ask.stream) && last !== undefined) {
      const place = this.state.placeFor(last);
      place?.conversation.begin(page.events, { heads: { [ask.stream]: page.head }, me: this.state.me.id });
      return;
    }
    const place = this.#reader.page(event);
    if (place === undefined) return;
    const then = this.#then;
    this.#then = undefined;
    if (then?.place === place) then.go();
  }

  #refused(event: Of<"refused">, now: number): void {
    const { ask, text } = event;
    const { state } = this;
    if (ask?.type === "history") {
      this.#reader.giveUp(ask.stream);
      return;
    }
    if (ask?.type === "search") {
      state.isSearching = false;
      state.found = undefined;
    }
    if (ask?.type === "join") entryRefused(state, ask.room, now, text);
    else this.#alert(arrived(state, event, now));
  }

  /** The token is good under the new name as well. */
  #ownName(name: string): void {
    const { memory, state } = this;
    memory.setToken(name, memory.token(state.me.name));
    memory.name = name;
  }

  #renamed({ from, person }: Of<"renamed">): void {
    const place = this.state.places.find((one) => one.partner !== undefined && one.isCalled(`@${from}`));
    if (place !== undefined) place.name = person.name;
  }

  #closed({ reason, text }: Of<"closed">): void {
    this.#engine = undefined;
    if (reason === "left") {
      this.state.entry = { kind: "name", problem: "" };
      this.state.ended = undefined;
      return;
    }
    if (reason !== "unreachable") this.memory.isIn = false;
    if (this.state.entry === undefined) this.state.ended = text === "" ? "The conversation is over" : text;
    else this.state.entry = { kind: "name", problem: text };
  }

  #alert(alert: Alert): void {
    if (alert !== undefined) this.#options.alert(alert);
  }

  /** What is in sight is seen, and remembered to be. */
  #seen(): void {
    const { state, memory } = this;
    const { current } = state;
    if (!state.sees(current)) return;
    state.seen(current);
    const number = current.conversation.newest();
    if (current.stream === undefined || number === undefined || this.#epoch === "") return;
    const before = memory.seen();
    const heads = before?.epoch === this.#epoch ? before.heads : {};
    if (heads[current.stream] === number) return;
    memory.setSeen({ epoch: this.#epoch, heads: { ...heads, [current.stream]: number } });
  }

  /** A room comes into sight, with what was begun there, and what was said. */
  #show(place: WebPlace): void {
    if (place.draft === "") place.draft = this.memory.draft(place.key);
    if (place.conversation.items.length < pageLimit / 2) this.older(place);
    this.#seen();
    this.redraw();
  }

  #find(
    place: WebPlace,
    event: WireEvent,
    { pagesLeft, resolve }: { readonly pagesLeft: number; readonly resolve: (isThere: boolean) => void },
  ): void {
    const { items } = place.conversation;
    const item = items.find((each) => each.kind === "message" && each.event.id === event.id);
    if (item !== undefined) {
      place.scrolled = { serial: item.serial, offset: 120 };
      this.state.pointedAt = event.id;
      this.redraw();
      resolve(true);
      return;
    }
    const [first] = items;
    const isEarlier = first === undefined || atOf(first) >= event.at;
    const goOn = (): void => this.#find(place, event, { pagesLeft: pagesLeft - 1, resolve });
    if (isEarlier && pagesLeft > 0 && this.older(place, searchLimit, goOn)) return;
    resolve(false);
  }

  #goTo(place: WebPlace, number: number): void {
    const { conversation } = place;
    const isMissing = (conversation.oldest ?? 0) > number + 1;
    if (isMissing && this.older(place, searchLimit, () => this.#goTo(place, number))) return;
    const item = conversation.items.find((each) => each.kind === "message" && each.event.number > number);
    if (item !== undefined) place.scrolled = { serial: item.serial, offset: 0 };
    this.redraw();
  }

  #showUnsent(send: Send): void {
    const { state } = this;
    const to = send.to.startsWith("@") ? send.to.slice(1) : undefined;
    const place = to === undefined ? (state.placeOf(send.to) ?? state.home) : state.placeWith(to);
    const event: WireEvent = {
      stream: send.to,
      number: 0,
      id: "",
      at: Date.now(),
      kind: send.kind,
      from: state.me,
      text: send.text,
    };
    place.conversation.sending(event, send.counter);
  }

  #keepUnsent(): void {
    this.memory.setUnsent(this.#engine?.unsent ?? []);
  }
}

/** What this browser is called among the devices on which one stays signed in. */
function deviceName(): string {
  const { userAgent } = navigator;
  const browser = /Firefox|Edg|OPR|Chrome|Safari/.exec(userAgent)?.[0] ?? "Browser";
  const system = /Android|iPhone|iPad|Windows|Mac|Linux/.exec(userAgent)?.[0];
  const names: Readonly<Record<string, string>> = { Edg: "Edge", OPR: "Opera", Mac: "macOS" };
  return [browser, system].flatMap((part) => (part === undefined ? [] : [names[part] ?? part])).join(" on ");
}
