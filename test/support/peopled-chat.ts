import assert from "node:assert/strict";
import { Chat, type ChatLimits } from "../../src/chat/chat.ts";
import type { Circumstances, Command, Decision } from "../../src/chat/command.ts";
import type { MessageId, PersonId, StreamId } from "../../src/chat/event.ts";
import { type Name, parseName } from "../../src/chat/name.ts";
import type { Room } from "../../src/chat/room.ts";
import type { Person, SessionId } from "../../src/chat/roster.ts";

/** A chat with people in it, without a server around it. */
export class PeopledChat {
  readonly chat: Chat;
  /** The time that it is told. */
  at = 1_000_000;
  #made = 0;

  constructor(limits: Partial<ChatLimits> = {}) {
    this.chat = new Chat({
      maxTextBytes: 512,
      maxMultilineBytes: 4096,
      maxLines: 20,
      maxRooms: 10,
      maxRoomsEach: 10,
      maxIgnored: 10,
      ...limits,
    });
  }

  /** Somebody comes in by a session of his own; `account`: under his name. */
  enter(name: string, how: { readonly account?: boolean; readonly id?: string } = {}): Person {
    const person = (how.id ?? name.toLowerCase()) as PersonId;
    if (how.account === true) this.chat.accounts.add({ person, name: nameOf(name) });
    const session = this.#next();
    const decision = this.#decide(session, {
      kind: "enter",
      entry: {
        person,
        name,
        account: how.account === true ? name : undefined,
        user: "line",
        host: "host",
        realName: "",
        isBot: false,
        away: undefined,
        lobby: true,
        replaces: [],
      },
    });
    assert.equal(decision.kind, "entered", JSON.stringify(decision));
    this.chat.apply(decision);
    return this.chat.personOf(session)!;
  }

  /** What a command comes to; nothing is changed. */
  decide(person: Person, command: Command): Decision {
    return this.#decide(person.sessions[0]!, command);
  }

  /** What a command comes to, and is made true. */
  does(person: Person, command: Command): Decision {
    const decision = this.decide(person, command);
    this.chat.apply(decision);
    return decision;
  }

  /** Somebody comes into a room, or makes it. */
  joins(person: Person, room: string): Room {
    const decision = this.does(person, { kind: "join", room, key: undefined });
    assert.equal(decision.kind, "joined", JSON.stringify(decision));
    return this.chat.rooms.find(room)!;
  }

  says(person: Person, room: string, text = "hello"): Decision {
    return this.does(person, { kind: "say", room, draft: { kind: "text", text } });
  }

  /** Somebody is gone. */
  leaves(person: Person): void {
    for (const session of person.sessions) this.chat.apply(this.#decide(session, { kind: "leave" }));
  }

  #decide(session: SessionId, command: Command): Decision {
    const made = this.#next();
    const circumstances: Circumstances = {
      at: this.at,
      id: `m${made}` as MessageId,
      newStream: () => `room:${made}` as StreamId,
    };
    return this.chat.decide(session, command, circumstances);
  }

  #next(): number {
    this.#made += 1;
    return this.#made;
  }
}

/** The reason of a refusal; of anything else its kind. */
export function outcomeOf(decision: Decision): string {
  return decision.kind === "refused" ? decision.refusal.reason : decision.kind;
}

function nameOf(text: string): Name {
  const name = parseName(text);
  assert.ok(!("reason" in name), text);
  return name;
}
