import type { MessagePort } from "node:worker_threads";
import { StoreFault } from "./store.ts";

/** What can be called elsewhere. */
export interface Callable {
  /** Finishes; nothing is called after it. */
  close(): void;
  /** Called after each answer, for work that nobody waits for. */
  idle?(): void;
  /**
   * Called when nothing was asked for a while, for work that can wait: a few milliseconds of it. Whether there is
   * more, which is done next unless something is asked.
   */
  rest?(): boolean;
}

/** When nothing was asked for so long, there is time for what can wait. */
const quietMs = 1000;

type Method = (...args: never[]) => unknown;
/** The names of the methods of `T`. */
export type MethodOf<T> = { [M in keyof T]: T[M] extends Method ? M : never }[keyof T] & string;
export type ArgumentsOf<T, M extends keyof T> = T[M] extends (...args: infer A) => unknown ? A : never;
export type ResultOf<T, M extends keyof T> = T[M] extends (...args: never[]) => infer R ? R : never;

/**
 * An object that is called elsewhere. Arguments and results are copied; the calls run in the order of asking and
 * reject with `StoreFault`.
 */
export interface Calls<T> {
  /** How many calls have no answer yet. */
  readonly waiting: number;
  call<M extends MethodOf<T>>(method: M, ...args: ArgumentsOf<T, M>): Promise<ResultOf<T, M>>;
  /** Closes the object after the calls that were made; later calls are rejected. */
  end(): Promise<void>;
}

/** One call as it crosses to another thread. */
export interface CallMessage {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The answer to the call of the same `id`. */
export interface AnswerMessage {
  readonly id: number;
  readonly result?: unknown;
  readonly fault?: FaultMessage;
}

interface FaultMessage {
  readonly reason: StoreFault["reason"];
  readonly outcome: StoreFault["outcome"];
  readonly message: string;
  readonly cause: unknown;
}

/** Calls `target` on this thread, copying as if it were another. For programs that do one thing, and tests. */
export function callHere<T extends Callable>(target: T): Calls<T> {
  let isEnded = false;
  return {
    waiting: 0,
    async call(method, ...args) {
      if (isEnded) throw closedFault();
      const { result, fault } = structuredClone(answer(target, structuredClone({ id: 0, method, args })));
      target.idle?.();
      while (target.rest?.() === true);
      if (fault !== undefined) throw faultFrom(fault);
      return result as ResultOf<T, typeof method>;
    },
    async end() {
      if (!isEnded) target.close();
      isEnded = true;
    },
  };
}

/** Answers the calls that come in by `port` until `close` is called. */
export function serveCalls(port: MessagePort, target: Callable): void {
  const quiet = new Quiet(target);
  port.on("message", (call: CallMessage) => {
    quiet.interrupt();
    port.postMessage(answer(target, call));
    if (call.method === "close") {
      port.close();
      return;
    }
    target.idle?.();
    quiet.await();
  });
}

/** Lets an object rest when nothing is asked of it for a while. */
class Quiet {
  readonly #target: Callable;
  #timer: NodeJS.Timeout | undefined;
  #next: NodeJS.Immediate | undefined;

  constructor(target: Callable) {
    this.#target = target;
  }

  interrupt(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#next);
  }

  await(): void {
    if (this.#target.rest !== undefined) this.#timer = setTimeout(() => this.#rest(), quietMs);
  }

  /** What is asked meanwhile comes between two pieces of work. */
  #rest(): void {
    if (this.#target.rest?.() === true) this.#next = setImmediate(() => this.#rest());
  }
}

/** A fault that came from another thread. */
export function faultFrom({ reason, outcome, message, cause }: FaultMessage): StoreFault {
  return new StoreFault(reason, outcome, { message, cause });
}

/** The answer to calls after `end`. */
export function closedFault(): StoreFault {
  return new StoreFault("failing", "nothing-stored", { message: "Cannot use the store: it is closed" });
}

function answer(target: Callable, { id, method, args }: CallMessage): AnswerMessage {
  try {
    const methods = target as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
    return { id, result: methods[method]?.(...args) };
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    const { reason, outcome, message, cause } = error;
    return { id, fault: { reason, outcome, message, cause: cause instanceof Error ? String(cause) : cause } };
  }
}
