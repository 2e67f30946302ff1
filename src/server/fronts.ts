import type { Server } from "node:net";
import type { ChallengeAnswer } from "./acme/challenge.ts";
import type { Clock } from "./clock.ts";
import { Front } from "./front.ts";
import type { Ask, Tell } from "./link.ts";
import { createListener, type Listening, listen } from "./listener.ts";
import type { Sample } from "./metrics-text.ts";
import type { Inspected, Inspection } from "./monitor.ts";
import type { NewSettings, Settings } from "./settings.ts";
import type { Certificate } from "./tls/certificate.ts";

/** Everything on the sockets' side of a server, on whichever threads it lives. */
export interface Fronts {
  /** Opens the port. To be called once. */
  listen(): Promise<Listening>;
  /** Hands on what became visible, in order. */
  deliver(tells: readonly Tell[]): void;
  /** Shows this certificate to who comes from now on. */
  certify(certificate: Certificate): void;
  /** Answers these challenges, and no others; resolves when it does on every thread. */
  challenge(answers: readonly ChallengeAnswer[]): Promise<void>;
  /** Goes on with other settings. */
  change(next: NewSettings): void;
  /** What the fronts counted, and how things stand with them. */
  samples(): Promise<readonly Sample[]>;
  /** Takes nobody in and reads nothing more; resolves when everything that was read has been asked. */
  quiesce(): Promise<void>;
  /** Says good-bye to everybody; resolves when they have taken it, or have had the time for it. */
  stop(): Promise<void>;
  /** Ends what has not begun to listen. */
  abandon(): Promise<void>;
}

export interface FrontsOptions {
  readonly settings: Settings;
  readonly consoleShowsPrivate: boolean;
  /** `undefined`: TLS is off. */
  readonly certificate: Certificate | undefined;
  /** Takes what connections ask. */
  readonly ask: (asks: readonly Ask[]) => void;
  /** Answers a monitor, for the whole server. */
  readonly inspect: (what: Inspection) => Promise<Inspected>;
  /** Called for a connection that could not be accepted. */
  readonly notAccepted: (error: Error) => void;
}

/** One front, on the thread of the hub. */
export class FrontHere implements Fronts {
  readonly #front: Front;
  readonly #listener: Server;
  readonly #options: FrontsOptions;

  constructor(options: FrontsOptions & { readonly clock: Clock }) {
    this.#options = options;
    this.#front = new Front(options);
    this.#listener = createListener((socket) => this.#front.accept(socket));
  }

  async listen(): Promise<Listening> {
    const listening = await listen(this.#listener, this.#options.settings);
    this.#listener.on("error", this.#options.notAccepted);
    return listening;
  }

  deliver(tells: readonly Tell[]): void {
    this.#front.deliver(tells);
  }

  certify(certificate: Certificate): void {
    this.#front.certify(certificate);
  }

  async challenge(answers: readonly ChallengeAnswer[]): Promise<void> {
    this.#front.challenge(answers);
  }

  change(next: NewSettings): void {
    this.#front.change(next);
  }

  async samples(): Promise<readonly Sample[]> {
    return this.#front.samples();
  }

  async quiesce(): Promise<void> {
    this.#listener.close();
    this.#front.quiesce();
  }

  async stop(): Promise<void> {
    await this.#front.stop();
  }

  async abandon(): Promise<void> {}
}
