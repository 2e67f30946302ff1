import { join } from "node:path";
import type { Undoing } from "../support/cleanup.ts";
import { LineClient } from "../support/line-client.ts";
import { residentBytes, ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ConsoleReader } from "./console-reader.ts";
import type { FuzzedDoor } from "./doors.ts";
import { judgeExports } from "./exported.ts";
import { maxTextBytes, visitors, watchers } from "./hostile.ts";
import { describeInput, type Input } from "./input.ts";
import { LineObserver, WebSocketObserver } from "./observers.ts";
import { Order } from "./order.ts";
import { Troubles } from "./troubles.ts";
import { Known, Visitor } from "./visitor.ts";

const promptlyMs = 5000;
const witnesses = ["the line observer", "the websocket observer", "the console"] as const;

/** What came of all inputs. */
export interface Outcome {
  readonly connections: number;
  readonly stored: number;
  readonly privateMessages: number;
  /** The longest time from a word of somebody harmless to when both observers had been told it. */
  readonly slowestCanaryMs: number;
  readonly mostResidentBytes: number;
}

/** A server as a process of its own, with those who watch it and those who send it inputs. */
export class Arena {
  readonly troubles: Troubles;
  readonly #order: Order;
  readonly #door: FuzzedDoor;
  readonly #server: ServerProcess;
  readonly #dataFolder: string;
  readonly #console: ConsoleReader;
  readonly #observers: readonly (LineObserver | WebSocketObserver)[];
  readonly #canary: LineClient;
  readonly #known = new Known();
  readonly #visitors: (Visitor | undefined)[] = Array.from({ length: visitors }, () => undefined);
  #generation = 0;
  #canaries = 0;
  #slowestCanaryMs = 0;
  #mostResidentBytes = 0;

  private constructor(
    door: FuzzedDoor,
    parts: {
      readonly troubles: Troubles;
      readonly order: Order;
      readonly server: ServerProcess;
      readonly dataFolder: string;
      readonly console: ConsoleReader;
      readonly observers: readonly (LineObserver | WebSocketObserver)[];
      readonly canary: LineClient;
    },
  ) {
    this.#door = door;
    this.troubles = parts.troubles;
    this.#order = parts.order;
    this.#server = parts.server;
    this.#dataFolder = parts.dataFolder;
    this.#console = parts.console;
    this.#observers = parts.observers;
    this.#canary = parts.canary;
  }

  static async open(undoing: Undoing, door: FuzzedDoor): Promise<Arena> {
    const dataFolder = join(temporaryFolder(undoing), "data");
    // Small, so that pages end, memory does not reach and readers fall behind.
    const args = ["--max-line", String(maxTextBytes), "--max-backlog", "4096", "--max-page", "50"];
    const more = [
      "--join-history",
      "5",
      "--memory-history",
      "100",
      "--drain-timeout",
      "1",
      "--heartbeat",
      "5",
    ];
    const server = await ServerProcess.start(undoing, { dataFolder, args: [...args, ...more] });
    const troubles = new Troubles();
    const order = new Order(troubles);
    const report = { troubles, order };
    const console = new ConsoleReader(server, report);
    const observers = [
      await LineObserver.enter(server.port, report),
      await WebSocketObserver.enter(server.port, report),
    ];
    const canary = await LineClient.enter(server.port, watchers.canary);
    return new Arena(door, { troubles, order, server, dataFolder, console, observers, canary });
  }

  get connections(): number {
    return this.#console.attempts;
  }

  get residentBytes(): number {
    const bytes = this.#server.isRunning ? residentBytes(this.#server.pid) : 0;
    this.#mostResidentBytes = Math.max(this.#mostResidentBytes, bytes);
    return bytes;
  }

  /** Sends inputs from many connections at once, and then hears whether the chat still goes on. */
  async take(inputs: readonly Input[]): Promise<void> {
    await Promise.all(
      this.#visitors.map(async (_, index) => {
        for (let at = index; at < inputs.length && this.troubles.first === undefined; at += visitors) {
          await this.#send(index, inputs[at]!);
        }
      }),
    );
    this.#canaries += 1;
    const number = this.#canaries;
    const start = performance.now();
    this.#canary.clear();
    this.#canary.send(`canary ${number}`);
    await this.troubles.until(
      () => witnesses.every((witness) => this.#order.heardCanary(witness, number)) || !this.#server.isRunning,
      promptlyMs,
      () => `canary ${number}`,
    );
    this.#slowestCanaryMs = Math.max(this.#slowestCanaryMs, performance.now() - start);
    this.#judgeProcess();
  }

  /** Ends the server and judges what is left. */
  async end(): Promise<Outcome> {
    const { residentBytes: _ } = this;
    await Promise.all(this.#visitors.map((visitor) => visitor?.leave()));
    const left = Promise.all(this.#observers.map((observer) => observer.leave()));
    const exit = await this.#server.end("SIGTERM");
    await left;
    if (exit.code !== 0) this.troubles.wrong(`The server ended with ${exit.code ?? exit.signal}`);
    this.#judgeProcess();
    this.#console.judgeEnd();
    const { stored, privateMessages } = await judgeExports(this.#dataFolder, {
      troubles: this.troubles,
      order: this.#order,
    });
    this.#order.judgeEnd([...witnesses, "the export as text", "the export as json"]);
    if (privateMessages !== this.#console.privateMessages) {
      this.troubles.wrong(
        `The console shows ${this.#console.privateMessages} of ${privateMessages} private messages`,
      );
    }
    return {
      connections: this.#console.attempts,
      stored,
      privateMessages,
      slowestCanaryMs: Math.round(this.#slowestCanaryMs),
      mostResidentBytes: this.#mostResidentBytes,
    };
  }

  /** Ends the server at once. */
  async abandon(): Promise<void> {
    await this.#server.kill();
    await Promise.all(this.#visitors.map((visitor) => visitor?.leave()));
  }

  async #send(index: number, input: Input): Promise<void> {
    const describe = (): string => describeInput(input);
    const means = { known: this.#known, troubles: this.troubles };
    if (input.fresh) {
      await new Visitor(this.#server.port, means).send(input, describe);
      return;
    }
    let visitor = this.#visitors[index];
    if (visitor === undefined || !visitor.isOpen) {
      await visitor?.leave();
      visitor = new Visitor(this.#server.port, means);
      this.#visitors[index] = visitor;
      this.#generation += 1;
      await this.#door.enter(visitor, [`f${index}`, `f${index}-${this.#generation}`]);
      const { welcome } = visitor.answers;
      if (welcome !== undefined) this.#known.learn(welcome);
    }
    await visitor.send(input, describe);
    if (input.then === "stay") await this.#door.settle(visitor);
  }

  #judgeProcess(): void {
    const { errors } = this.#server;
    if (errors !== "") this.troubles.wrong(`The server wrote to standard error: ${errors.slice(0, 2000)}`);
    if (!this.#server.isRunning && this.#server.child.exitCode !== 0) {
      this.troubles.wrong(
        `The server ended with ${this.#server.child.exitCode ?? this.#server.child.signalCode}`,
      );
    }
  }
}

/** Sends a few inputs to a server of their own; resolves to what was wrong. */
export async function tryInputs(
  undoing: Undoing,
  door: FuzzedDoor,
  inputs: readonly Input[],
): Promise<string | undefined> {
  const arena = await Arena.open(undoing, door);
  await arena.take(inputs);
  if (arena.troubles.first === undefined) await arena.end();
  else await arena.abandon();
  return arena.troubles.first;
}
