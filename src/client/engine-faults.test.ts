import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { Bench, type FakeLine, said, welcome } from "../../test/client/bench.ts";
import type { ClientMessage, ServerMessage, WireEvent } from "../protocols/websocket/messages.ts";

/**
 * A server after the rules of the protocol, for one client: it stores a counter once, gives numbers without holes,
 * and resumes. `fault` is asked before each thing it does and decides how that goes wrong.
 */
class ModelServer {
  readonly stored: WireEvent[] = [];
  readonly #counters = new Map<number, WireEvent>();
  readonly #fault: (choices: number) => number;
  #line: FakeLine | undefined;
  #liveFrom = Number.POSITIVE_INFINITY;

  constructor(fault: (choices: number) => number) {
    this.#fault = fault;
  }

  accept(line: FakeLine): void {
    this.#line = line;
    this.#liveFrom = Number.POSITIVE_INFINITY;
    line.onSent = (message) => queue.push(() => this.#receive(line, message));
    const queue = this.queue;
    queue.push(() => line.open());
  }

  /** What is on its way, in order. */
  readonly queue: (() => void)[] = [];

  run(): void {
    for (let step = this.queue.shift(); step !== undefined; step = this.queue.shift()) step();
  }

  somebodySays(text: string): void {
    const event = said(this.stored.length + 1, text);
    this.stored.push(event);
    // One in four is not handed on live: the client has to notice.
    if (event.number >= this.#liveFrom && this.#fault(4) !== 0) this.#say({ type: "event", event });
  }

  heartbeat(): void {
    this.#say({ type: "heartbeat", at: 0, heads: { "#lobby": this.stored.length } });
  }

  cut(): void {
    const line = this.#line;
    this.#line = undefined;
    if (line !== undefined && !line.gone) line.drop("cut");
  }

  #say(message: ServerMessage): void {
    if (this.#line !== undefined && !this.#line.gone) this.#line.say(message);
  }

  #receive(line: FakeLine, message: ClientMessage): void {
    if (line !== this.#line || line.gone) return;
    switch (message.type) {
      case "hello": {
        const from = message.position?.heads["#lobby"] ?? this.stored.length;
        const resumed = message.position !== undefined;
        const heads = { "#lobby": this.stored.length };
        this.#say(welcome({ resumed, heads, limits: { ...welcome().limits, maxPageEvents: 3 } }));
        if (resumed) {
          for (const event of this.stored.slice(from)) this.#say({ type: "event", event });
          this.#say({ type: "caught-up", online: { count: 1, names: ["Alice"] } });
        }
        this.#liveFrom = this.stored.length + 1;
        return;
      }
      case "send":
        this.#store(message);
        return;
      case "history": {
        if (this.#fault(3) === 0) {
          this.cut();
          return;
        }
        const after = message.after ?? 0;
        const events = this.stored.slice(after, after + (message.limit ?? 3));
        const { request, stream } = message;
        this.#say({ type: "page", request, stream, events, floor: 0, head: this.stored.length });
        return;
      }
      case "list":
      case "join":
      case "part":
      case "topic":
      case "kick":
      case "modes":
      case "rename-room":
      case "invite":
      case "rename":
      case "away":
      case "rooms":
      case "room":
      case "person":
      case "register":
      case "devices":
      case "ignore":
      case "unignore":
      case "ignored":
      case "password":
      case "search":
      case "quit":
        return;
    }
  }

  #store(send: Extract<ClientMessage, { type: "send" }>): void {
    const fault = this.#fault(6);
    if (fault === 0) {
      this.cut();
      return;
    }
    if (fault === 1) {
      const { counter } = send;
      this.#say({ type: "refused", reason: "too-fast", text: "Slow", counter, retryAfterMs: 50 });
      return;
    }
    const event =
      this.#counters.get(send.counter) ??
      said(this.stored.length + 1, send.text, { from: { id: "p1", name: "Alice" } });
    if (event.number > this.stored.length) this.stored.push(event);
    this.#counters.set(send.counter, event);
    if (fault === 2) {
      this.cut();
      return;
    }
    const { stream, number, id, at } = event;
    this.#say({ type: "ack", counter: send.counter, stream, number, id, at });
  }
}

test("whatever goes wrong, each send is stored once and in order, and both sends and events are told once and in that order", () => {
  const action = fc.oneof(
    { weight: 3, arbitrary: fc.constant("send" as const) },
    { weight: 4, arbitrary: fc.constant("hear" as const) },
    { weight: 1, arbitrary: fc.constant("cut" as const) },
    { weight: 2, arbitrary: fc.constant("beat" as const) },
    { weight: 4, arbitrary: fc.constant("wait" as const) },
  );
  const plan = fc.record({
    actions: fc.array(action, { maxLength: 80, size: "max" }),
    faults: fc.infiniteStream(fc.nat({ max: 11 })),
  });
  fc.assert(
    fc.property(plan, ({ actions, faults }) => {
      let faulty = true;
      const server = new ModelServer((choices) => {
        if (!faulty) return choices - 1;
        const next = faults.next();
        return next.done === true ? choices - 1 : next.value % choices;
      });
      const bench = new Bench();
      bench.onLine = (line) => server.accept(line);
      bench.engine.start();
      server.run();
      let sends = 0;
      let heard = 0;
      for (const what of actions) {
        switch (what) {
          case "send":
            sends += 1;
            bench.engine.send(`mine ${sends}`);
            break;
          case "hear":
            heard += 1;
            server.somebodySays(`theirs ${heard}`);
            break;
          case "cut":
            server.cut();
            break;
          case "beat":
            server.heartbeat();
            break;
          case "wait":
            bench.clock.turn(600);
            break;
        }
        server.run();
      }
      faulty = false;
      for (let turn = 0; turn < 400 && bench.engine.waiting > 0; turn += 1) {
        bench.clock.turn(50);
        server.run();
      }
      for (let turn = 0; turn < 40; turn += 1) {
        server.heartbeat();
        bench.clock.turn(500);
        server.run();
      }
      const mine = server.stored.map((event) => event.text).filter((text) => text.startsWith("mine"));
      assert.deepEqual(
        mine,
        Array.from({ length: sends }, (_, index) => `mine ${index + 1}`),
      );
      const told = bench.take("event", "ack").map((event) => {
        if (event.kind === "ack") return event.send.text;
        return event.kind === "event" ? event.event.text : "?";
      });
      assert.deepEqual(
        told,
        server.stored.map((event) => event.text),
      );
      assert.equal(server.stored.length, sends + heard);
    }),
    { numRuns: 500 },
  );
});
