// The file of a thread that holds connections; `front-threads.ts` starts it and talks to it.
import { deserialize } from "node:v8";
import { parentPort, workerData } from "node:worker_threads";
import type { ChallengeAnswer } from "./acme/challenge.ts";
import { systemClock } from "./clock.ts";
import { Front } from "./front.ts";
import type { Ask, CommonTell, PersonalTell, Tell } from "./link.ts";
import { createListener, type Listening, listen } from "./listener.ts";
import { LoopDelay } from "./loop-delay.ts";
import type { Sample } from "./metrics-text.ts";
import type { Inspected, Inspection } from "./monitor.ts";
import type { NewSettings, Settings } from "./settings.ts";
import type { Certificate } from "./tls/certificate.ts";

/** What a thread is started with. Of `threads` it is the one with this index, from 0. */
export interface FrontThreadData {
  readonly settings: Settings;
  readonly consoleShowsPrivate: boolean;
  readonly certificate: Certificate | undefined;
  readonly index: number;
  readonly threads: number;
}

/** A tell to one session, and how many of the common ones come before it. */
export interface PlacedTell {
  readonly at: number;
  readonly tell: PersonalTell;
}

export type ToFrontThread =
  | { readonly kind: "listen"; readonly host: string; readonly port: number }
  /** `common` holds what all threads are told, in shared memory. */
  | {
      readonly kind: "tells";
      readonly common: Uint8Array | undefined;
      readonly personal: readonly PlacedTell[];
    }
  /** The hub has taken everything up to a batch that wanted an answer. */
  | { readonly kind: "taken" }
  | { readonly kind: "certify"; readonly certificate: Certificate }
  | { readonly kind: "challenge"; readonly answers: readonly ChallengeAnswer[] }
  | { readonly kind: "change"; readonly next: NewSettings }
  /** What has it counted? */
  | { readonly kind: "sample" }
  | { readonly kind: "inspected"; readonly id: number; readonly answer: Inspected }
  | { readonly kind: "quiesce" }
  | { readonly kind: "stop" };

export type FromFrontThread =
  | { readonly kind: "listening"; readonly listening: Listening }
  | { readonly kind: "asks"; readonly asks: readonly Ask[]; readonly wantsAnswer: boolean }
  | { readonly kind: "not-accepted"; readonly message: string }
  | { readonly kind: "samples"; readonly samples: readonly Sample[] }
  /** A monitor asked; the answer comes as `inspected` with the same id. */
  | { readonly kind: "inspect"; readonly id: number; readonly what: Inspection }
  /** From now on the challenges are answered that it was told last. */
  | { readonly kind: "challenged" }
  | { readonly kind: "quiet" }
  | { readonly kind: "stopped" };

/** After so many asks the hub is asked to answer; while twice as many are unanswered, nothing is read. */
const answerEveryAsks = 2048;

function run(port: NonNullable<typeof parentPort>, data: FrontThreadData): void {
  const { settings, consoleShowsPrivate, certificate, index, threads } = data;
  /** Asks since the last batch that wanted an answer, and in those that have none yet. */
  let sinceMark = 0;
  const unanswered: number[] = [];
  const post = (message: FromFrontThread): void => port.postMessage(message);
  const loopDelay = new LoopDelay(`front ${index}`);
  const inspections = new Map<number, (answer: Inspected) => void>();
  let lastInspection = 0;
  const pace = (): void => front.hold(unanswered.length > 1);
  const front = new Front({
    settings,
    clock: systemClock,
    consoleShowsPrivate,
    certificate,
    firstSession: index + threads,
    sessionStep: threads,
    inspect: (what) =>
      new Promise((resolve) => {
        lastInspection += 1;
        inspections.set(lastInspection, resolve);
        post({ kind: "inspect", id: lastInspection, what });
      }),
    ask: (asks) => {
      sinceMark += asks.length;
      const wantsAnswer = sinceMark >= answerEveryAsks;
      post({ kind: "asks", asks, wantsAnswer });
      if (!wantsAnswer) return;
      unanswered.push(sinceMark);
      sinceMark = 0;
      pace();
    },
  });
  const gathered: Tell[] = [];
  const deliver = (): void => {
    if (gathered.length > 0) front.deliver(gathered.splice(0));
  };
  const listener = createListener((socket) => front.accept(socket));
  port.on("message", (message: ToFrontThread) => {
    switch (message.kind) {
      case "listen":
        void listen(listener, { ...message, shared: true }).then((listening) => {
          listener.on("error", (error) => post({ kind: "not-accepted", message: error.message }));
          post({ kind: "listening", listening });
        });
        return;
      case "tells":
        // While this thread was writing, more may have come: each reader gets all of it with one write.
        if (gathered.length === 0) setImmediate(deliver);
        for (const tell of inOrder(message.common, message.personal)) gathered.push(tell);
        return;
      case "taken":
        unanswered.shift();
        pace();
        return;
      case "certify":
        front.certify(message.certificate);
        return;
      case "challenge":
        front.challenge(message.answers);
        post({ kind: "challenged" });
        return;
      case "change":
        front.change(message.next);
        return;
      case "sample":
        post({ kind: "samples", samples: [...front.samples(), loopDelay.sample()] });
        return;
      case "inspected":
        inspections.get(message.id)?.(message.answer);
        inspections.delete(message.id);
        return;
      case "quiesce":
        deliver();
        listener.close();
        front.quiesce();
        post({ kind: "quiet" });
        return;
      case "stop":
        deliver();
        void front.stop().then(() => {
          post({ kind: "stopped" });
          port.close();
        });
        return;
    }
  });
}

/** The tells of this thread in their one order. */
function inOrder(bytes: Uint8Array | undefined, personal: readonly PlacedTell[]): readonly Tell[] {
  const common = bytes === undefined ? [] : (deserialize(bytes) as readonly CommonTell[]);
  const tells: Tell[] = [];
  let next = 0;
  for (const { at, tell } of personal) {
    while (next < at) tells.push(common[next++]!);
    tells.push(tell);
  }
  while (next < common.length) tells.push(common[next++]!);
  return tells;
}

if (parentPort !== null) run(parentPort, workerData as FrontThreadData);
