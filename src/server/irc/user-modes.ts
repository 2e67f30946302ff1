import type { TraitChange } from "../../chat/command.ts";
import type { Traits } from "../../chat/roster.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { formatModes, parseUserModes } from "../../protocols/irc/mode-changes.ts";
import type { UserMode } from "../../protocols/irc/modes.ts";
import { maxMessageBytes } from "../../protocols/irc/pack.ts";
import { wantsOf } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";
import { tagsOf } from "./words.ts";

/** Which trait a mode is; that somebody has an account is not for himself to say. */
const traitOf: Readonly<Record<Exclude<UserMode, "r">, keyof Traits>> = {
  B: "isBot",
  i: "isInvisible",
  o: "isOperator",
  R: "accountsOnly",
  w: "wantsWallops",
};

const letters = Object.entries(traitOf) as readonly [UserMode, keyof Traits][];

/** `MODE <nick> [<modes>]`: https://modern.ircdocs.horse/#user-mode */
export function userMode(session: IrcSession, { params }: IrcMessage): void {
  const [target = "", text] = params;
  if (!session.isSame(target, session.client)) {
    notOneself(session, target);
    return;
  }
  const requests = text === undefined ? [] : parseUserModes(text);
  if (requests.length === 0) {
    showModes(session, target);
    return;
  }
  const changes = requests.flatMap((request): readonly TraitChange[] => {
    if (request.kind !== "change" || request.mode === "r") return [];
    return [{ trait: traitOf[request.mode], on: request.adding }];
  });
  const isUnknown = requests.some(({ kind }) => kind === "unknown");
  const unknown = isUnknown ? [session.numeric("ERR_UMODEUNKNOWNFLAG", [])] : [];
  session.ask(
    (tag) => ({
      kind: "do",
      session: session.id,
      tag,
      deed: { kind: "traits", changes: lastOfEach(changes) },
    }),
    (tell) => {
      if (tell.kind === "refused") return refusalMessages(session, tell.refusal, { command: "MODE" });
      if (tell.kind !== "done" || tell.done.kind !== "traits") return unknown;
      return [...traitMessages(session, tell.done.changes, tell.at), ...unknown];
    },
  );
}

/** The modes that somebody has, with their `+`. */
export function userModesOf(traits: Traits, account: string | undefined): string {
  const held = letters.filter(([, trait]) => traits[trait]).map(([letter]) => letter);
  return `+${[...held, ...(account === undefined ? [] : ["r"])].join("")}`;
}

/** `MODE`, for who changed himself so. */
export function traitMessages(
  session: IrcSession,
  changes: readonly TraitChange[],
  at: number,
): readonly OutgoingMessage[] {
  const modes = changes.flatMap(({ trait, on }) => {
    const letter = letters.find(([, other]) => other === trait)?.[0];
    return letter === undefined ? [] : [{ mode: letter, adding: on, param: undefined }];
  });
  const tags = tagsOf(wantsOf(session), { at, from: session.self });
  return formatModes(modes, { maxParams: 0, maxBytes: maxMessageBytes }).map((line) => ({
    tags,
    source: session.source,
    command: "MODE",
    params: [session.client, ...line],
  }));
}

function showModes(session: IrcSession, name: string): void {
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "person", name } }),
    (tell) => {
      if (tell.kind !== "answer" || tell.answer.kind !== "person") return [];
      const { traits, author } = tell.answer.person;
      return traits === undefined
        ? []
        : [session.numeric("RPL_UMODEIS", [userModesOf(traits, author.account)])];
    },
  );
}

function notOneself(session: IrcSession, name: string): void {
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "person", name } }),
    (tell) =>
      tell.kind === "refused"
        ? refusalMessages(session, tell.refusal, { command: "MODE", target: name })
        : [session.numeric("ERR_USERSDONTMATCH", [])],
  );
}

/** Of several changes of one trait only the last. */
function lastOfEach(changes: readonly TraitChange[]): readonly TraitChange[] {
  return [...new Map(changes.map((change) => [change.trait, change])).values()];
}
