import type { EventKind } from "../../chat/event.ts";
import { parseName } from "../../chat/name.ts";
import {
  type ChathistoryRequest,
  type HistoryReference,
  parseChathistory,
} from "../../protocols/irc/chathistory.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { parseMarkread } from "../../protocols/irc/read-marker.ts";
import { formatTime } from "../../protocols/irc/server-time.ts";
import type { Place, Span } from "../link.ts";
import { batchOf } from "./batches.ts";
import type { IrcCommands } from "./command.ts";
import { whereOf } from "./messages.ts";
import { historyBatch, personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession, Wording } from "./session.ts";

/** What was said, how far one has read of it, and to take it back: IRCv3 chathistory, read-marker, message-redaction. */
export const historyCommands: IrcCommands = {
  CHATHISTORY: { params: 0, act: chathistory },
  MARKREAD: { params: 0, act: markRead },
  REDACT: { params: 2, act: redact },
};

type WithTarget = Exclude<ChathistoryRequest, { kind: "targets" }>;

function chathistory(session: IrcSession, { params }: IrcMessage): void {
  const request = parseChathistory(params, session.settings.maxPageEvents);
  if ("code" in request) {
    session.reply(session.fail("CHATHISTORY", request.code, request.context, request.description));
    return;
  }
  if (request.kind === "targets") {
    const { from, to, limit } = request;
    session.askAlone(
      (tag) => ({ kind: "look-for-talk", session: session.id, tag, from, to, limit }),
      targetsWording(session),
    );
    return;
  }
  const span = spanOf(session, request);
  if (span === undefined) {
    session.reply(failed(session, request, "MESSAGE_ERROR"));
    return;
  }
  session.askAlone(
    (tag) => ({
      kind: "look-back",
      session: session.id,
      tag,
      where: whereOf(request.target),
      span,
      limit: request.limit,
      kinds: kindsFor(session),
    }),
    pageWording(session, request),
  );
}

function pageWording(session: IrcSession, request: WithTarget): Wording {
  return (tell) => {
    if (tell.kind === "page") {
      const room = session.roomOf(tell.stream)?.name;
      return historyBatch(session, room ?? request.target, tell.page.events);
    }
    if (tell.kind !== "refused") return [];
    switch (tell.refusal.reason) {
      case "not-online":
        // With somebody of that name nothing was ever said.
        return "reason" in parseName(request.target)
          ? [failed(session, request, "INVALID_TARGET")]
          : historyBatch(session, request.target, []);
      case "no-such-room":
      case "no-such-stream":
        return [failed(session, request, "INVALID_TARGET")];
      default:
        return [failed(session, request, "MESSAGE_ERROR")];
    }
  };
}

function targetsWording(session: IrcSession): Wording {
  return (tell) => {
    if (tell.kind === "refused") return refusalMessages(session, tell.refusal, { command: "CHATHISTORY" });
    if (tell.kind !== "answer" || tell.answer.kind !== "talk") return [];
    const messages = tell.answer.talk.map(({ name, at }): OutgoingMessage => {
      return { command: "CHATHISTORY", params: ["TARGETS", name, formatTime(at)] };
    });
    return batchOf(session, ["draft/chathistory-targets"], messages);
  };
}

function failed(session: IrcSession, { kind, target }: WithTarget, code: string): OutgoingMessage {
  const context = [kind.toUpperCase(), target];
  return session.fail("CHATHISTORY", code, context, "Messages could not be retrieved");
}

/** What counts of what happened. */
function kindsFor(session: IrcSession): readonly EventKind[] {
  const said: readonly EventKind[] = ["text", "action", "notice", "announcement"];
  if (!session.has("draft/event-playback")) return said;
  const happened: readonly EventKind[] = [...said, "signal", "topic", "kick", "mode"];
  return session.has("draft/message-redaction") ? [...happened, "removal"] : happened;
}

/** `undefined` where a reference cannot be one of a message here. */
function spanOf(session: IrcSession, request: WithTarget): Span | undefined {
  const placeOf = (reference: HistoryReference): Place | undefined => {
    if (reference.kind === "timestamp") return { kind: "instant", at: reference.at };
    const id = session.messageId(reference.id);
    return id && { kind: "event", id };
  };
  switch (request.kind) {
    case "before":
    case "after":
    case "around": {
      const place = placeOf(request.reference);
      return place && { kind: request.kind, place };
    }
    case "latest": {
      if (request.after === undefined) return { kind: "last", after: undefined };
      const after = placeOf(request.after);
      return after && { kind: "last", after };
    }
    case "between": {
      const from = placeOf(request.from);
      const to = placeOf(request.to);
      return from && to && { kind: "between", from, to };
    }
  }
}

function markRead(session: IrcSession, { params }: IrcMessage): void {
  const request = parseMarkread(params);
  if ("code" in request) {
    session.reply(session.fail("MARKREAD", request.code, request.context, request.description));
    return;
  }
  const { target } = request;
  const at = request.kind === "set" ? request.at : undefined;
  session.ask(
    (tag) => ({ kind: "mark-read", session: session.id, tag, where: whereOf(target), at }),
    (tell) =>
      tell.kind === "refused"
        ? [session.fail("MARKREAD", "INVALID_PARAMS", [target], "Invalid parameters")]
        : personalMessages(session, tell),
  );
}

function redact(session: IrcSession, { params }: IrcMessage): void {
  const [target = "", given = "", text = ""] = params;
  const id = session.messageId(given);
  if (id === undefined) {
    session.reply(session.fail("REDACT", "UNKNOWN_MSGID", [target, given], "There is no such message"));
    return;
  }
  session.askAlone(
    (tag) => ({ kind: "remove", session: session.id, tag, from: whereOf(target), id, text }),
    (tell) => {
      if (tell.kind !== "refused") return personalMessages(session, tell);
      const { reason } = tell.refusal;
      if (reason === "no-such-room" || reason === "not-online") {
        const description = `You cannot delete messages from ${target}`;
        return [session.fail("REDACT", "INVALID_TARGET", [target], description)];
      }
      return refusalMessages(session, tell.refusal, { command: "REDACT", target });
    },
  );
}
