import { createServer, type Server } from "node:net";
import { extname } from "node:path";
import { serialize } from "node:v8";
import { Worker } from "node:worker_threads";
import type { ChallengeAnswer } from "./acme/challenge.ts";
import type { FromFrontThread, FrontThreadData, PlacedTell, ToFrontThread } from "./front-thread.ts";
import type { Fronts, FrontsOptions } from "./fronts.ts";
import type { CommonTell, Tell } from "./link.ts";
import { type Listening, listen } from "./listener.ts";
import type { Sample } from "./metrics-text.ts";
import type { NewSettings } from "./settings.ts";
import type { Certificate } from "./tls/certificate.ts";

interface FrontThreadsOptions extends FrontsOptions {
  /** Called where a thread dies: its connections are gone, and so is what they asked. */
  readonly onFault: (error: Error) => void;
}

/**
 * Fronts on threads of their own, each with a listener on the one port (SO_REUSEPORT) and the connections that
 * the system gives it. A session's id says whose it is: `id % threads`. What everybody is told is made into
 * bytes once, in memory that all threads share.
 */
export class FrontThreads implements Fronts {
  readonly #options: FrontThreadsOptions;
  readonly #threads: readonly FrontThread[];

  constructor(options: FrontThreadsOptions) {
    this.#options = options;
    const { settings, consoleShowsPrivate, certificate } = options;
    const threads = settings.workers;
    this.#threads = Array.from({ length: threads }, (_, index) => {
      return new FrontThread({ settings, consoleShowsPrivate, certificate, index, threads }, options);
    });
  }

  async listen(): Promise<Listening> {
    const { host, port } = this.#options.settings;
    // What is shared among threads would be shared with another server as well, so the port has to be free first. One
    // that the system chose is free, and is kept from others until the threads have it.
    const isChosen = port === 0;
    const probe = createServer();
    const probed = await listen(probe, { host, port, shared: isChosen });
    if ("code" in probed) return probed;
    if (!isChosen) await closed(probe);
    const all = await Promise.all(this.#threads.map((thread) => thread.listen(probed)));
    if (isChosen) await closed(probe);
    return all.find((listening) => "code" in listening) ?? probed;
  }

  deliver(tells: readonly Tell[]): void {
    const common: CommonTell[] = [];
    const personal: (PlacedTell[] | undefined)[] = [];
    for (const tell of tells) {
      if ("session" in tell)
        (personal[tell.session % this.#threads.length] ??= []).push({ at: common.length, tell });
      else common.push(tell);
    }
    const bytes = common.length === 0 ? undefined : inSharedMemory(serialize(common));
    for (const [index, thread] of this.#threads.entries()) {
      const own = personal[index];
      if (bytes !== undefined || own !== undefined) thread.tell(bytes, own ?? []);
    }
  }

  certify(certificate: Certificate): void {
    for (const thread of this.#threads) thread.certify(certificate);
  }

  async challenge(answers: readonly ChallengeAnswer[]): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.challenge(answers)));
  }

  change(next: NewSettings): void {
    for (const thread of this.#threads) thread.change(next);
  }

  async samples(): Promise<readonly Sample[]> {
    return (await Promise.all(this.#threads.map((thread) => thread.samples()))).flat();
  }

  async quiesce(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.quiesce()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }

  async abandon(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.abandon()));
  }
}

/** One thread, from the hub's side. */
class FrontThread {
  readonly #worker: Worker;
  readonly #options: FrontThreadsOptions;
  readonly #exited: Promise<void>;
  #answer: (message: FromFrontThread) => void = () => undefined;
  #sampling: Promise<readonly Sample[]> | undefined;
  #sampled: (samples: readonly Sample[]) => void = () => undefined;
  #ending = false;

  constructor(data: FrontThreadData, options: FrontThreadsOptions) {
    this.#options = options;
    this.#worker = new Worker(new URL(`./front-thread${extname(import.meta.url)}`, import.meta.url), {
      workerData: data,
      name: `front ${data.index}`,
    });
    this.#worker.on("message", (message: FromFrontThread) => this.#receive(message));
    this.#worker.on("error", (error: unknown) => {
      options.onFault(error instanceof Error ? error : new Error(String(error)));
    });
    this.#exited = new Promise((resolve) => {
      this.#worker.on("exit", (code) => {
        resolve();
        if (!this.#ending)
          options.onFault(new Error(`A thread of connections ended by itself (exit code ${code})`));
      });
    });
  }

  async listen(where: { readonly host: string; readonly port: number }): Promise<Listening> {
    const answer = await this.#ask({ kind: "listen", ...where }, "listening");
    return answer.listening;
  }

  tell(common: Uint8Array | undefined, personal: readonly PlacedTell[]): void {
    this.#post({ kind: "tells", common, personal });
  }

  certify(certificate: Certificate): void {
    this.#post({ kind: "certify", certificate });
  }

  async challenge(answers: readonly ChallengeAnswer[]): Promise<void> {
    await this.#ask({ kind: "challenge", answers }, "challenged");
  }

  change(next: NewSettings): void {
    this.#post({ kind: "change", next });
  }

  /** Who asks while another one waits for the answer is given the same. */
  samples(): Promise<readonly Sample[]> {
    this.#sampling ??= new Promise((resolve) => {
      this.#sampled = (samples) => {
        this.#sampling = undefined;
        resolve(samples);
      };
      this.#post({ kind: "sample" });
    });
    return this.#sampling;
  }

  async quiesce(): Promise<void> {
    await this.#ask({ kind: "quiesce" }, "quiet");
  }

  async stop(): Promise<void> {
    this.#ending = true;
    await this.#ask({ kind: "stop" }, "stopped");
    await this.#exited;
  }

  /** Ends it at once. */
  async abandon(): Promise<void> {
    this.#ending = true;
    await this.#worker.terminate();
  }

  #receive(message: FromFrontThread): void {
    switch (message.kind) {
      case "asks":
        this.#options.ask(message.asks);
        if (message.wantsAnswer) this.#post({ kind: "taken" });
        return;
      case "not-accepted":
        this.#options.notAccepted(new Error(message.message));
        return;
      case "samples":
        this.#sampled(message.samples);
        return;
      case "inspect": {
        const { id, what } = message;
        void this.#options.inspect(what).then((answer) => this.#post({ kind: "inspected", id, answer }));
        return;
      }
      case "listening":
      case "challenged":
      case "quiet":
      case "stopped":
        this.#answer(message);
        return;
    }
  }

  /** One thing is asked at a time. */
  async #ask<Kind extends FromFrontThread["kind"]>(
    message: ToFrontThread,
    kind: Kind,
  ): Promise<Extract<FromFrontThread, { kind: Kind }>> {
    return new Promise((resolve) => {
      this.#answer = (answer) => {
        if (answer.kind === kind) resolve(answer as Extract<FromFrontThread, { kind: Kind }>);
      };
      this.#post(message);
    });
  }

  #post(message: ToFrontThread): void {
    this.#worker.postMessage(message);
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function inSharedMemory(bytes: Uint8Array): Uint8Array {
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
  shared.set(bytes);
  return shared;
}
