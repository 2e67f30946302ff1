import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { parseSilence, type SilenceChange, silenceMask } from "../../protocols/irc/silence.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";

/** To be shown nothing that somebody says: `SILENCE`, as ircu has it, and `/ignore` on the other doors. */
export const silenceCommands: IrcCommands = {
  SILENCE: { params: 0, act: silence },
};

function silence(session: IrcSession, { params }: IrcMessage): void {
  const [first, flags] = params;
  const request = parseSilence(first);
  if (request.kind === "list") {
    list(session, request.nick);
  } else if (flags !== undefined) {
    const text = "There are no kinds of silence: all that somebody says is meant";
    session.reply(session.fail("SILENCE", "INVALID_PARAMS", [flags], text));
  } else {
    for (const change of request.changes) make(session, change);
  }
}

/** One's own list alone: whom somebody else ignores is his own business. */
function list(session: IrcSession, nick: string | undefined): void {
  if (nick !== undefined && !session.isSame(nick, session.client)) {
    const text = "Only your own list is shown; to silence somebody: SILENCE +nick";
    session.reply(session.fail("SILENCE", "INVALID_PARAMS", [nick], text));
    return;
  }
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "ignored" } }),
    (tell) => {
      if (tell.kind !== "answer" || tell.answer.kind !== "ignored") return [];
      return [
        ...tell.answer.ignored.map(({ name }) =>
          session.numeric("RPL_SILELIST", [session.client, silenceMask(name)]),
        ),
        session.numeric("RPL_ENDOFSILELIST", [session.client]),
      ];
    },
  );
}

function make(session: IrcSession, { on, mask, nick }: SilenceChange): void {
  if (nick === undefined) {
    const text =
      "Only a nick can be silenced here, as in nick!*@*: who somebody is counts, not from where he comes";
    session.reply(session.fail("SILENCE", "INVALID_MASK", [mask], text));
    return;
  }
  session.ask(
    (tag) => ({
      kind: "do",
      session: session.id,
      tag,
      deed: { kind: on ? "ignore" : "unignore", name: nick },
    }),
    (tell): readonly OutgoingMessage[] => {
      if (tell.kind === "refused") {
        return refusalMessages(session, tell.refusal, { command: "SILENCE", target: mask });
      }
      if (tell.kind !== "done" || tell.done.kind !== "ignoring") return [];
      const param = `${on ? "+" : "-"}${silenceMask(tell.done.name)}`;
      return [{ source: session.source, command: "SILENCE", params: [param] }];
    },
  );
}
