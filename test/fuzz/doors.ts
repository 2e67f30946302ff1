import { upgradeRequest } from "../support/websocket-frames.ts";
import { httpInput } from "./http-inputs.ts";
import type { Input } from "./input.ts";
import { ircInput, ircOpening } from "./irc-inputs.ts";
import { lineInput } from "./line-inputs.ts";
import type { Random } from "./random.ts";
import { tlsInput } from "./tls-inputs.ts";
import type { Visitor } from "./visitor.ts";
import { websocketInput } from "./websocket-inputs.ts";

export type DoorName = "line" | "websocket" | "http" | "irc" | "tls";

/** How inputs for a door are made up, and how those come in who send them. */
export interface FuzzedDoor {
  readonly input: (random: Random) => Input;
  /** Comes in on a new connection under one of the names. */
  readonly enter: (visitor: Visitor, names: readonly string[]) => Promise<void>;
  /** Resolves when an input that leaves the connection open has been dealt with, or the connection is closed. */
  readonly settle: (visitor: Visitor) => Promise<void>;
}

const answerMs = 5000;
/** Who was sent the beginning of a frame waits for the rest, and answers nothing. */
const silenceMs = 250;

export const doors: Readonly<Record<DoorName, FuzzedDoor>> = {
  line: { input: lineInput, enter: (visitor, names) => enter(visitor, names.map(nameLine)), settle: nothing },
  websocket: {
    input: websocketInput,
    enter: async (visitor, names) => {
      await visitor.write(Buffer.from(upgradeRequest("localhost")));
      await enter(visitor, names.map(hello));
    },
    settle,
  },
  http: { input: httpInput, enter: nothing, settle: nothing },
  tls: { input: tlsInput, enter: nothing, settle: nothing },
  irc: { input: ircInput, enter: enterIrc, settle: settleIrc },
};

type Names = Parameters<Visitor["write"]>[0];

function nameLine(name: string): Names {
  return Buffer.from(`${name}\n`);
}

function hello(name: string): Names {
  return { text: JSON.stringify({ type: "hello", version: 1, name }), options: {} };
}

/** Gives one name after the other until one is taken. */
async function enter(visitor: Visitor, names: readonly Names[]): Promise<void> {
  const { answers } = visitor;
  for (const name of names) {
    const { refusals } = answers;
    await visitor.write(name);
    await visitor.until(() => answers.entered || answers.refusals > refusals, answerMs);
    if (answers.entered || visitor.closed) return;
  }
}

let lastRequest = 1000;

/** Asks something with an answer of its own, which comes after the answers to all that was sent before. */
async function settle(visitor: Visitor): Promise<void> {
  const { answers } = visitor;
  lastRequest += 1;
  const request = lastRequest;
  await visitor.write({ text: JSON.stringify({ type: "list", request }), options: {} });
  await visitor.until(() => answers.answeredRequest === request || !visitor.isOpen, silenceMs);
  if (answers.answeredRequest !== request) await visitor.leave();
}

/** With capabilities that differ from one visitor to the next. */
async function enterIrc(visitor: Visitor, names: readonly string[]): Promise<void> {
  lastRequest += 1;
  await visitor.write(Buffer.from(ircOpening(lastRequest)));
  await enter(
    visitor,
    names.map((name) => Buffer.from(`NICK ${name}\r\n`)),
  );
  await visitor.write(Buffer.from("JOIN #lobby,#r0\r\n"));
}

/** As `settle`; an unfinished line is ended, so that it is not taken for the question. */
async function settleIrc(visitor: Visitor): Promise<void> {
  const { answers } = visitor;
  lastRequest += 1;
  const token = `settle-${lastRequest}`;
  await visitor.write(Buffer.from(`\r\nPING :${token}\r\n`));
  await visitor.until(() => answers.pong === token || !visitor.isOpen, silenceMs);
  if (answers.pong !== token) await visitor.leave();
}

async function nothing(): Promise<void> {}
