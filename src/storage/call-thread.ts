import { Worker } from "node:worker_threads";
import {
  type AnswerMessage,
  type ArgumentsOf,
  type Callable,
  type CallMessage,
  type Calls,
  closedFault,
  faultFrom,
  type MethodOf,
  type ResultOf,
} from "./calls.ts";
import { StoreFault } from "./store.ts";

export interface CallThreadOptions {
  /** What tools of the system show. */
  readonly name: string;
  /** What the thread's file is started with. */
  readonly workerData: unknown;
  /** What is known about calls without an answer when the thread dies. */
  readonly outcomeOnDeath: StoreFault["outcome"];
  /** Called once where the thread ends without having been told to. */
  readonly onDeath: (error: Error) => void;
}

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** An object that lives on a thread of its own, whose `file` hands it to `serveCalls`. */
export class CallThread<T extends Callable> implements Calls<T> {
  readonly #worker: Worker;
  readonly #options: CallThreadOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #exited: Promise<void>;
  #lastId = 0;
  #refusal: (() => StoreFault) | undefined;
  #error: Error | undefined;

  constructor(file: URL, options: CallThreadOptions) {
    this.#options = options;
    this.#worker = new Worker(file, { name: options.name, workerData: options.workerData });
    this.#worker.on("message", (answer: AnswerMessage) => this.#answer(answer));
    this.#worker.on("error", (error) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        this.#exit(code);
        resolve();
      });
    });
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  call<M extends MethodOf<T>>(method: M, ...args: ArgumentsOf<T, M>): Promise<ResultOf<T, M>> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal());
    return this.#ask(method, args);
  }

  async end(): Promise<void> {
    if (this.#refusal === undefined) {
      this.#refusal = closedFault;
      // A thread that dies while it closes is gone all the same.
      await this.#ask("close", []).catch(() => undefined);
    }
    await this.#exited;
  }

  #ask<R>(method: string, args: readonly unknown[]): Promise<R> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, method, args } satisfies CallMessage);
    });
  }

  #answer({ id, result, fault }: AnswerMessage): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (fault === undefined) waiting?.resolve(result as never);
    else waiting?.reject(faultFrom(fault));
  }

  #exit(code: number): void {
    const wasAsked = this.#refusal !== undefined;
    const cause = this.#error ?? new Error(`The store's thread ended by itself (exit code ${code})`);
    const message = "Cannot use the store: its thread died";
    this.#refusal ??= () => new StoreFault("failing", "nothing-stored", { message, cause });
    for (const { reject } of this.#waiting.values()) {
      reject(new StoreFault("failing", this.#options.outcomeOnDeath, { message, cause }));
    }
    this.#waiting.clear();
    if (!wasAsked) this.#options.onDeath(cause);
  }
}
