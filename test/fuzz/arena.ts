import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Undoing } from "../support/cleanup.ts";
import { LineClient } from "../support/line-client.ts";
import { residentBytes, ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { ConsoleReader } from "./console-reader.ts";
import type { FuzzedDoor } from "./doors.ts";
import { exportWitnesses, judgeExports } from "./exported.ts";
import { maxTextBytes, visitors, watchers } from "./hostile.ts";
import { describeInput, type Input } from "./input.ts";
import { IrcObserver, ircWatchers } from "./irc-observers.ts";
import { Ledger } from "./ledger.ts";
import { LineObserver, WebSocketObserver } from "./observers.ts";
import { Order } from "./order.ts";
import { Troubles } from "./troubles.ts";
import { Known, Visitor } from "./visitor.ts";

const promptlyMs = 20_000;
/** So long a server may take to end once its connections have. */
const dyingMs = 300;
/** A server may grow with what it holds in memory for those who are there, and not with what it was sent. */
const maxResidentBytes = 512 * 1024 * 1024;
/** Small, so that pages end, memory does not reach and readers fall behind. */
const serverOptions = {
  "--max-line": String(maxTextBytes),
  "--max-backlog": "4096",
  "--max-page": "50",
  "--join-history": "5",
  "--memory-history": "100",
  "--drain-timeout": "1",
  "--heartbeat": "5",
  "--oper": "fuzzer:secret",
} as const;
const witnesses = [
  "the line observer",
  "the websocket observer",
  "the console",
  ircWatchers.whole.witness,
] as const;
/** Who is told everything, if not as all others are. */
const listeners = [...witnesses, ircWatchers.plain.witness, ircWatchers.page.witness] as const;

/** What came of all inputs. */
export interface Outcome {
  readonly connections: number;
  readonly stored: number;
  readonly privateMessages: number;
  /** Marked messages that came back to their senders, and that were refused. */
  readonly acknowledged: number;
  readonly refused: number;
  /** The longest time from a word of somebody harmless to when both observers had been told it. */
  readonly slowestCanaryMs: number;
  readonly mostResidentBytes: number;
}

interface Parts {
  readonly troubles: Troubles;
  readonly order: Order;
  readonly ledger: Ledger;
  readonly server: ServerProcess;
  readonly dataFolder: string;
  readonly console: ConsoleReader;
  readonly observers: readonly (LineObserver | WebSocketObserver | IrcObserver)[];
  readonly canary: LineClient;
}

/** A server as a process of its own, with those who watch it and those who send it inputs. */
export class Arena {
  readonly #door: FuzzedDoor;
  readonly #parts: Parts;
  readonly #known = new Known();
  readonly #visitors: (Visitor | undefined)[] = Array.from({ length: visitors }, () => undefined);
  #entries = 0;
  #canaries = 0;
  #slowestCanaryMs = 0;
  #mostResidentBytes = 0;

  private constructor(door: FuzzedDoor, parts: Parts) {
    this.#door = door;
    this.#parts = parts;
  }

  static async open(undoing: Undoing, door: FuzzedDoor): Promise<Arena> {
    const dataFolder = join(temporaryFolder(undoing), "data");
    const args = Object.entries(serverOptions).flat();
    const server = await ServerProcess.start(undoing, { dataFolder, args });
    const troubles = new Troubles();
    const order = new Order(troubles);
    const ledger = new Ledger(troubles);
    const report = { troubles, order, ledger };
    const console = new ConsoleReader(server, report);
    const observers: Parts["observers"][number][] = [
      await LineObserver.enter(server.port, report),
      await WebSocketObserver.enter(server.port, report),
    ];
    for (const kind of Object.values(ircWatchers)) {
      observers.push(await IrcObserver.enter(server.port, kind, report));
    }
    const canary = await LineClient.enter(server.port, watchers.canary);
    return new Arena(door, { troubles, order, ledger, server, dataFolder, console, observers, canary });
  }

  /** What was wrong, the first of it. */
  get trouble(): string | undefined {
    return this.#parts.troubles.first;
  }

  get connections(): number {
    return this.#parts.console.attempts;
  }

  /** Bytes that the server has resident now. */
  measure(): number {
    const bytes = residentBytes(this.#parts.server.pid);
    this.#mostResidentBytes = Math.max(this.#mostResidentBytes, bytes);
    if (bytes > maxResidentBytes) this.#parts.troubles.wrong(`The server has ${bytes} bytes resident`);
    return bytes;
  }

  /** Sends inputs from many connections at once, and then hears whether the chat still goes on. */
  async take(inputs: readonly Input[]): Promise<void> {
    await Promise.all(
      this.#visitors.map(async (_, index) => {
        for (let at = index; at < inputs.length && this.trouble === undefined; at += visitors) {
          await this.#send(index, inputs[at]!);
        }
      }),
    );
    await this.#listenForCanary();
    if (this.trouble !== undefined) await this.#explain();
    this.#judgeErrors();
  }

  /** Ends the server and judges what is left. */
  async end(): Promise<Outcome> {
    const { console, dataFolder, ledger, observers, order, server, troubles } = this.#parts;
    this.measure();
    await this.#leave();
    const left = observers.map((observer) => observer.leave());
    const exit = await server.end("SIGTERM");
    await Promise.all(left);
    if (exit.code !== 0) troubles.wrong(`The server ended with ${exit.code ?? exit.signal}`);
    this.#judgeErrors();
    console.judgeEnd();
    const { stored, privateMessages } = await judgeExports(dataFolder, { troubles, order, ledger });
    ledger.judgeEnd();
    order.judgeEnd([...witnesses, ...exportWitnesses]);
    if (privateMessages !== console.privateMessages) {
      troubles.wrong(`The console shows ${console.privateMessages} of ${privateMessages} private messages`);
    }
    return {
      connections: console.attempts,
      stored,
      privateMessages,
      acknowledged: ledger.acknowledged,
      refused: ledger.refused,
      slowestCanaryMs: Math.round(this.#slowestCanaryMs),
      mostResidentBytes: this.#mostResidentBytes,
    };
  }

  /** Ends the server at once. */
  async abandon(): Promise<void> {
    await this.#parts.server.kill();
    await this.#leave();
  }

  async #send(index: number, input: Input): Promise<void> {
    const { ledger, server, troubles } = this.#parts;
    const describe = (): string => describeInput(input);
    if (input.fresh) {
      await new Visitor(server.port, { known: this.#known, troubles, ledger }).send(input, describe);
      return;
    }
    const visitor = await this.#visitor(index);
    await visitor.send(input, describe);
    if (input.ending === "stay") await this.#door.settle(visitor);
  }

  /** Somebody who has come in, anew where the last connection is gone. */
  async #visitor(index: number): Promise<Visitor> {
    const present = this.#visitors[index];
    if (present?.isOpen === true) return present;
    await present?.leave();
    const { ledger, server, troubles } = this.#parts;
    const visitor = new Visitor(server.port, { known: this.#known, troubles, ledger });
    this.#visitors[index] = visitor;
    this.#entries += 1;
    await this.#door.enter(visitor, [`f${index}`, `f${index}-${this.#entries}`]);
    const { welcome } = visitor.answers;
    if (welcome !== undefined) this.#known.learn(welcome);
    return visitor;
  }

  /** Somebody harmless says something, and everybody has to hear of it before long. */
  async #listenForCanary(): Promise<void> {
    const { canary, order, troubles } = this.#parts;
    this.#canaries += 1;
    const number = this.#canaries;
    const start = performance.now();
    canary.clear();
    canary.send(`canary ${number}`);
    const heard = (): boolean => listeners.every((witness) => order.heardCanary(witness, number));
    await troubles.until(heard, promptlyMs, () => `all of ${listeners.join(", ")} to hear canary ${number}`);
    this.#slowestCanaryMs = Math.max(this.#slowestCanaryMs, performance.now() - start);
  }

  /** Where the server has ended, or is about to, that is what was wrong. */
  async #explain(): Promise<void> {
    const { server, troubles } = this.#parts;
    const exit = await Promise.race([server.exited, sleep(dyingMs, undefined, { ref: false })]);
    if (exit !== undefined)
      troubles.explain(`The server ended with ${exit.code ?? exit.signal}: ${server.errors}`);
  }

  #judgeErrors(): void {
    const { server, troubles } = this.#parts;
    if (server.errors !== "")
      troubles.explain(`The server wrote to standard error: ${server.errors.slice(0, 2000)}`);
  }

  async #leave(): Promise<void> {
    this.#parts.canary.close();
    for (const visitor of this.#visitors) await visitor?.leave();
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
  if (arena.trouble === undefined) await arena.end();
  else await arena.abandon();
  return arena.trouble;
}
