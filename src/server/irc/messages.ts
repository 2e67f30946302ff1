import type { MessageId, SpeechKind } from "../../chat/event.ts";
import { roleOfLetter } from "../../chat/mode.ts";
import type { RoleName } from "../../chat/room.ts";
import { parseCtcp } from "../../protocols/irc/ctcp.ts";
import type { IrcMessage } from "../../protocols/irc/message.ts";
import { splitStatusTarget } from "../../protocols/irc/modes.ts";
import { combinedText, type MultilineMessage } from "../../protocols/irc/multiline.ts";
import { clientTags, type Tags } from "../../protocols/irc/tags.ts";
import type { Ask } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { keptTags } from "./kept-tags.ts";
import { isNickServ, serve } from "./nickserv.ts";
import { personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession, Wording } from "./session.ts";

/** One message goes to at most so many: `TARGMAX`. */
const maxTargets = 4;

/** What is said: https://modern.ircdocs.horse/#sending-messages */
export const messageCommands: IrcCommands = {
  PRIVMSG: { params: 0, act: speak },
  NOTICE: { params: 0, act: speak },
  TAGMSG: { params: 1, act: signal },
};

/** A message of several lines that came as a batch. */
export function sayLines(session: IrcSession, message: MultilineMessage): void {
  const { command, target, tags, lines } = message;
  const text = combinedText(lines);
  // Of an action the words alone are kept, in which the places to cut are others.
  const isWhole = parseCtcp(text) === undefined;
  const kept = keptTags(tags, isWhole ? lines : []);
  say(session, { command, tags }, { target, text, kept, lines: true });
}

/** A channel by its name, and somebody by `@` and the nick. */
export function whereOf(target: string): string {
  return target.startsWith("#") ? target : `@${target}`;
}

function speak(session: IrcSession, message: IrcMessage): void {
  const { command, params, tags } = message;
  const [list = "", text = ""] = params;
  // Nobody may answer a notice, and a program could.
  const isAnswered = command !== "NOTICE";
  if (!/[^,]/.test(list)) {
    if (isAnswered) session.reply(session.numeric("ERR_NORECIPIENT", [], `No recipient given (${command})`));
    return;
  }
  if (text === "") {
    if (isAnswered) session.reply(session.numeric("ERR_NOTEXTTOSEND", []));
    return;
  }
  if (tags.has("batch")) {
    session.reply(session.fail("BATCH", "MULTILINE_INVALID", [], "No such batch is open"));
    return;
  }
  const kept = keptTags(tags);
  for (const target of targetsOf(session, list, isAnswered))
    say(session, message, { target, text, kept, lines: false });
}

function say(
  session: IrcSession,
  { command, tags }: Pick<IrcMessage, "command" | "tags">,
  what: {
    readonly target: string;
    readonly text: string;
    readonly kept: string | undefined;
    /** It came as several lines. */
    readonly lines: boolean;
  },
): void {
  const { target, text, kept, lines } = what;
  if (isNickServ(target)) {
    if (command === "PRIVMSG") serve(session, text);
    return;
  }
  const ctcp = parseCtcp(text);
  // An action without words is passed on as it came: no message is without a text.
  const isAction = ctcp?.command === "ACTION" && ctcp.params !== "" && command === "PRIVMSG";
  const speech: SpeechKind = command === "NOTICE" ? "notice" : isAction ? "action" : "text";
  // What clients ask of each other is nothing said: nobody at another door understands it, and it is not kept. It is
  // one line.
  const isQuery = ctcp !== undefined && !isAction && !lines;
  const words = isAction ? ctcp.params : isQuery ? text : withoutStrayDelimiters(text);
  const { channel, least } = statusTarget(target);
  if (least !== undefined || isQuery) {
    const said = { speech, text: words };
    pass(session, { command, target, to: whereOf(channel), least, words: said, kept });
    return;
  }
  session.ask(
    (tag) => ({
      kind: "send",
      session: session.id,
      tag,
      to: whereOf(target),
      speech,
      text: words,
      replyTo: repliedTo(session, tags),
      threadRoot: undefined,
      clientTags: kept,
      form: { formatting: true, lines },
      counter: undefined,
    }),
    wording(session, command, target),
  );
}

/** A text may be told in pieces, of which none may look like a message between programs that the whole is not. */
function withoutStrayDelimiters(text: string): string {
  return text.replaceAll(/\x01(?=[^ \x01\n])/g, "\uFFFD");
}

/** Tags without a text: IRCv3 message-tags, "The TAGMSG tag-only message". */
function signal(session: IrcSession, { params, tags, command }: IrcMessage): void {
  const [list = ""] = params;
  const kept = keptTags(tags);
  for (const target of targetsOf(session, list, true)) {
    const { channel, least } = statusTarget(target);
    if (least !== undefined || isPassing(clientTags(tags))) {
      pass(session, { command, target, to: whereOf(channel), least, words: undefined, kept });
      continue;
    }
    const reaction = tags.get("+draft/react") ?? tags.get("+react") ?? "";
    session.ask(
      (tag) => ({
        kind: "send",
        session: session.id,
        tag,
        to: whereOf(target),
        speech: "signal",
        text: reaction.trim(),
        replyTo: repliedTo(session, tags),
        threadRoot: undefined,
        clientTags: kept,
        counter: undefined,
      }),
      wording(session, command, target),
    );
  }
}

/** Whether tags say something of the moment alone: IRCv3 typing. */
function isPassing(tags: Tags): boolean {
  return [...tags.keys()].every((key) => key === "+typing" || key === "+draft/typing");
}

function repliedTo(session: IrcSession, tags: Tags): MessageId | undefined {
  return session.messageId(tags.get("+draft/reply") ?? tags.get("+reply"));
}

function pass(
  session: IrcSession,
  what: Pick<Extract<Ask, { kind: "signal" }>, "to" | "least" | "words"> & {
    readonly command: string;
    readonly target: string;
    readonly kept: string | undefined;
  },
): void {
  const { command, target, kept, to, least, words } = what;
  session.ask(
    (tag) => ({ kind: "signal", session: session.id, tag, to, least, words, clientTags: kept }),
    wording(session, command, target),
  );
}

/** `@#channel` means who has at least that role there: https://modern.ircdocs.horse/#statusmsg-parameter */
function statusTarget(target: string): { readonly channel: string; readonly least: RoleName | undefined } {
  const [rank, channel] = splitStatusTarget(target);
  const isStatus = rank !== undefined && channel.startsWith("#");
  return isStatus ? { channel, least: roleOfLetter(rank) } : { channel: target, least: undefined };
}

function wording(session: IrcSession, command: string, target: string): Wording {
  return (tell) => {
    if (tell.kind !== "refused") return personalMessages(session, tell);
    if (command === "NOTICE") return [];
    return refusalMessages(session, tell.refusal, { command, target, room: target });
  };
}

/** Whom a list names, as many as it may; who is too much is told to the sender where he is answered. */
function targetsOf(session: IrcSession, list: string, isAnswered: boolean): readonly string[] {
  const targets = list.split(",").filter((target) => target !== "");
  for (const target of isAnswered ? targets.slice(maxTargets) : []) {
    session.reply(session.numeric("ERR_TOOMANYTARGETS", [target]));
  }
  return targets.slice(0, maxTargets);
}
