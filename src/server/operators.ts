import { createHash, timingSafeEqual } from "node:crypto";
import type { Chat } from "../chat/chat.ts";
import type { PresentAuthor } from "../chat/event.ts";
import { foldName } from "../chat/name.ts";
import type { Refusal } from "../chat/refusal.ts";
import type { Person, SessionId } from "../chat/roster.ts";
import { withoutHostile } from "../chat/text.ts";
import { addressKey } from "./address.ts";
import type { Clock } from "./clock.ts";
import { GuessLimit } from "./guess-limit.ts";
import type { Ask, Done } from "./link.ts";
import type { Log } from "./log.ts";
import type { Outlet } from "./outlet.ts";
import type { Session } from "./session.ts";
import type { Settings } from "./settings.ts";

type Operate = Extract<Ask, { kind: "operate" }>;

export interface OperatorMeans {
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a password may come from there as it is. */
  readonly mayBeClear: (session: Session) => boolean;
  /** Ends a session; `words` are what others are told. */
  readonly end: (session: SessionId, words: string, by: { author: PresentAuthor; why: string }) => void;
  /** Reads the configuration again. */
  readonly reread: () => void;
}

/** What people do who run the server, from wherever they are. */
export class Operators {
  readonly #means: OperatorMeans;
  readonly #guesses: GuessLimit;

  constructor(means: OperatorMeans) {
    this.#means = means;
    const { guesses, addressGuesses } = means.settings;
    this.#guesses = new GuessLimit({ pair: guesses, address: addressGuesses });
  }

  operate(session: Session, { operation, tag }: Operate): void {
    const { chat, outlet } = this.#means;
    const person = chat.personOf(session.id);
    if (person === undefined) return;
    const done =
      operation.kind === "oper" ? this.#become(session, person, operation) : this.#act(person, operation);
    if ("reason" in done) outlet.refuse(session.id, done, tag);
    else outlet.afterwards({ kind: "done", session: session.id, at: outlet.now(), tag, done });
  }

  #become(
    session: Session,
    person: Person,
    { name, password }: Extract<Operate["operation"], { kind: "oper" }>,
  ): Refusal | Done {
    const { chat, clock, settings, log } = this.#means;
    if (!this.#means.mayBeClear(session)) return { reason: "clear-password" };
    const guess = { account: foldName(name), address: addressKey(session.address.host) };
    const retryAfterMs = this.#guesses.take(guess, clock.monotonic());
    if (retryAfterMs > 0) return { reason: "too-many-guesses", retryAfterMs };
    const { operator } = settings;
    const isRight = isSame(password, operator?.password ?? "") && isSame(name, operator?.name ?? "");
    if (operator === undefined || !isRight) {
      log({ kind: "warning", text: `${person.name.shown} gave a wrong password for OPER` });
      return { reason: "wrong-password" };
    }
    this.#guesses.giveBack(guess, clock.monotonic());
    const changes = [{ trait: "isOperator", on: true }] as const;
    chat.apply({ kind: "changed", person, change: { kind: "traits", changes } });
    log({ kind: "info", text: `${person.name.shown} is an operator now` });
    return { kind: "traits", changes };
  }

  #act(person: Person, operation: Exclude<Operate["operation"], { kind: "oper" }>): Refusal | Done {
    if (!person.isOperator) return { reason: "operator-needed" };
    switch (operation.kind) {
      case "kill": {
        const victim = this.#means.chat.roster.find(operation.name);
        if (victim === undefined) return { reason: "not-online", name: operation.name };
        const why = withoutHostile(operation.text);
        const by = person.name.shown + (why === "" ? "" : ` (${why})`);
        this.#means.log({ kind: "info", text: `${victim.name.shown} was removed by ${by}` });
        for (const session of victim.sessions) {
          this.#means.end(session, `Killed (${by})`, { author: person.author, why });
        }
        return nothing;
      }
      case "wallops":
        this.#tellAll(person, withoutHostile(operation.text));
        return nothing;
      case "rehash":
        this.#means.reread();
        return nothing;
      case "nothing":
        return nothing;
    }
  }

  #tellAll({ author }: Person, text: string): void {
    const { chat, outlet } = this.#means;
    outlet.barrier(() => {
      for (const { wantsWallops, sessions } of chat.roster.everybody()) {
        if (!wantsWallops) continue;
        for (const session of sessions)
          outlet.tell({ kind: "wallops", session, at: outlet.now(), from: author, text });
      }
    });
  }
}

const nothing: Done = { kind: "nothing" };

/** Takes as long whatever is right of it. */
function isSame(given: string, wanted: string): boolean {
  const [one, other] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, other!);
}
