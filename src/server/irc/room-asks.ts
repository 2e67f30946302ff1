import type { Deed } from "../../chat/command.ts";
import type { Refusal } from "../../chat/refusal.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import type { Answer, Query } from "../link.ts";
import { personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";

type RoomQuery = Extract<Query, { readonly room: string }>;

/** Asks for a deed in a room, and words what may not be by its numerics, each once. */
export function deed(
  session: IrcSession,
  what: Extract<Deed, { readonly room: string }>,
  command: string,
  target: string = what.room,
): void {
  const { room } = what;
  if (session.channelName(room) === undefined) {
    session.reply(session.numeric("ERR_NOSUCHCHANNEL", [room]));
    return;
  }
  const word = (refusal: Refusal): readonly OutgoingMessage[] =>
    refusalMessages(session, refusal, { command, room, target });
  session.ask(
    (tag) => ({ kind: "do", session: session.id, tag, deed: what }),
    (tell) => {
      const others = "others" in tell ? (tell.others ?? []) : [];
      if (tell.kind === "refused") return each([tell.refusal, ...others].flatMap(word));
      return [...personalMessages(session, tell), ...each(others.flatMap(word))];
    },
  );
}

/** Looks something up about a room; why that may not be is worded by its numeric. */
export function lookAtRoom<Kind extends RoomQuery["kind"]>(
  session: IrcSession,
  query: RoomQuery & { readonly kind: Kind },
  command: string,
  word: (answer: Extract<Answer, { kind: Kind }>) => readonly OutgoingMessage[],
): void {
  const { room } = query;
  if (session.channelName(room) === undefined) {
    session.reply(session.numeric("ERR_NOSUCHCHANNEL", [room]));
    return;
  }
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query }),
    (tell) => {
      if (tell.kind === "refused") return refusalMessages(session, tell.refusal, { command, room });
      const isAnswer = tell.kind === "answer" && tell.answer.kind === query.kind;
      return isAnswer ? word(tell.answer as Extract<Answer, { kind: Kind }>) : [];
    },
  );
}

/** What was asked for in one command is refused in the same words once. */
function each(messages: readonly OutgoingMessage[]): readonly OutgoingMessage[] {
  return [...new Map(messages.map((message) => [JSON.stringify(message), message])).values()];
}
