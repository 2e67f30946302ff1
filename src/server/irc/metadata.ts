import type { Refusal } from "../../chat/refusal.ts";
import { formatMessage, type IrcMessage, type OutgoingMessage } from "../../protocols/irc/message.ts";
import { type MetadataRequest, parseMetadata, parseMetadataKey } from "../../protocols/irc/metadata.ts";
import { packWords, roomFor } from "../../protocols/irc/pack.ts";
import { refusalText } from "../../protocols/refusal-text.ts";
import type { Answer, MetadataAct, MetadataEntry, PersonalTell } from "../link.ts";
import { batchOf } from "./batches.ts";
import type { IrcCommands } from "./command.ts";
import { refusalMessages } from "./refusals.ts";
import type { IrcSession } from "./session.ts";
import { sourceOf, tagsOf } from "./words.ts";

/** What people and channels say of themselves in keys and values: IRCv3 metadata. */
export const metadataCommands: IrcCommands = {
  METADATA: { params: 2, early: true, act: metadata },
};

/** With the client's nick no more parameters than clients are used to. */
const maxKeysPerLine = 13;

/** Everybody may see all of it. */
const everybody = "*";

interface Asked {
  readonly target: string;
  readonly request: MetadataRequest;
  /** What was named as keys and cannot be such. */
  readonly invalid: readonly string[];
}

function metadata(session: IrcSession, { params }: IrcMessage): void {
  const [target = "", ...rest] = params;
  const request = parseMetadata(rest);
  if (request.kind === "incomplete") {
    session.reply(session.numeric("ERR_NEEDMOREPARAMS", ["METADATA"]));
  } else if (request.kind === "unknown") {
    const text = "There is no such subcommand";
    session.reply(session.fail("METADATA", "SUBCOMMAND_INVALID", [request.subcommand], text));
  } else if (session.stage !== "here" && !session.has("draft/metadata-2")) {
    session.reply(session.numeric("ERR_NOTREGISTERED", []));
  } else {
    carryOut(session, target, request);
  }
}

function carryOut(session: IrcSession, target: string, request: MetadataRequest): void {
  const named = "keys" in request ? request.keys : request.kind === "set" ? [request.key] : [];
  const invalid = named.filter((key) => parseMetadataKey(key) === undefined);
  if (request.kind === "set" && invalid.length > 0) {
    session.reply(...invalidKeys(session, invalid));
    return;
  }
  const asked = { target, request, invalid };
  session.ask(
    (tag) => ({ kind: "metadata", session: session.id, tag, target, act: actOf(request) }),
    (tell) => {
      if (tell.kind === "refused") return refused(session, tell.refusal, asked);
      if (tell.kind !== "answer" || tell.answer.kind !== "metadata") return [];
      return answered(session, tell.answer, asked);
    },
  );
}

/** What is said of somebody or of a channel and its people, for who wants to know: in a batch, or as it changes. */
export function metadataMessages(
  session: IrcSession,
  tell: Extract<PersonalTell, { kind: "metadata" }>,
): readonly OutgoingMessage[] {
  if (!session.has("draft/metadata-2")) return [];
  const messages = shownMessages(session, tell.shown, tell);
  return tell.by === undefined ? batchOf(session, ["metadata", tell.about], messages) : messages;
}

/** What is said of oneself, for who has just come in or asked for the capability. */
export function ownMetadata(
  session: IrcSession,
  entries: readonly MetadataEntry[],
): readonly OutgoingMessage[] {
  if (!session.has("draft/metadata-2")) return [];
  const { client } = session;
  const shown = entries.map((entry) => ({ target: client, ...entry }));
  return batchOf(session, ["metadata", client], shownMessages(session, shown));
}

/** Has what is said of oneself told; where one has asked for the capability while being here. */
export function tellOwnMetadata(session: IrcSession): void {
  session.ask(
    (tag) => ({ kind: "metadata", session: session.id, tag, target: "*", act: { kind: "list" } }),
    (tell) =>
      tell.kind === "answer" && tell.answer.kind === "metadata"
        ? ownMetadata(session, tell.answer.entries)
        : [],
  );
}

function actOf(request: MetadataRequest): MetadataAct {
  switch (request.kind) {
    case "get":
    case "subscribe":
    case "unsubscribe":
      return { kind: request.kind, keys: request.keys.flatMap((key) => parseMetadataKey(key) ?? []) };
    case "set":
      return { ...request, key: parseMetadataKey(request.key) ?? "" };
    case "list":
    case "clear":
    case "subscriptions":
    case "sync":
      return { kind: request.kind };
  }
}

function answered(
  session: IrcSession,
  { entries, refused: first, shown = [] }: Extract<Answer, { kind: "metadata" }>,
  { target, request, invalid }: Asked,
): readonly OutgoingMessage[] {
  const keys = entries.map(({ key }) => key);
  switch (request.kind) {
    case "get": {
      const values = new Map(entries.map((entry) => [entry.key, entry]));
      const replies = request.keys.map((text) => {
        const entry = values.get(parseMetadataKey(text) ?? "");
        return entry === undefined ? invalidKey(session, text) : keyReply(session, target, entry);
      });
      return batchOf(session, ["metadata", target], replies);
    }
    case "list":
    case "clear":
      return batchOf(
        session,
        ["metadata", target],
        entries.map((entry) => keyReply(session, target, entry)),
      );
    case "set":
      return entries.map((entry) => keyReply(session, target, entry));
    case "subscribe": {
      const text = "You have subscribed to too many keys";
      return [
        ...inLines(session, "RPL_METADATASUBOK", keys),
        ...invalidKeys(session, invalid),
        ...(first === undefined ? [] : [session.fail("METADATA", "TOO_MANY_SUBS", [first], text)]),
      ];
    }
    case "unsubscribe":
      return [...inLines(session, "RPL_METADATAUNSUBOK", keys), ...invalidKeys(session, invalid)];
    case "subscriptions":
      return batchOf(session, ["metadata-subs"], inLines(session, "RPL_METADATASUBS", keys));
    case "sync":
      return batchOf(session, ["metadata", target], shownMessages(session, shown));
  }
}

function refused(session: IrcSession, refusal: Refusal, asked: Asked): readonly OutgoingMessage[] {
  const { target, request } = asked;
  const key = request.kind === "set" ? request.key : "*";
  if (refusal.reason !== "too-fast") {
    return refusalMessages(session, refusal, { command: "METADATA", target, key });
  }
  const context = [target, key, String(Math.ceil(refusal.retryAfterMs / 1000))];
  return [session.fail("METADATA", "RATE_LIMITED", context, refusalText(refusal))];
}

function keyReply(session: IrcSession, target: string, { key, value }: MetadataEntry): OutgoingMessage {
  return value === undefined
    ? session.numeric("RPL_KEYNOTSET", [target, key])
    : session.numeric("RPL_KEYVALUE", [target, key, everybody], value);
}

function shownMessages(
  session: IrcSession,
  shown: NonNullable<Extract<Answer, { kind: "metadata" }>["shown"]>,
  change?: Extract<PersonalTell, { kind: "metadata" }>,
): readonly OutgoingMessage[] {
  const by = change?.by;
  const from =
    change === undefined || by === undefined
      ? {}
      : { tags: tagsOf(session, { at: change.at, from: by }), source: sourceOf(by) };
  return shown.map(({ target, key, value }) => ({
    ...from,
    command: "METADATA",
    params: [target, key, everybody],
    ...(value === undefined ? {} : { text: value }),
  }));
}

function inLines(
  session: IrcSession,
  name: "RPL_METADATASUBOK" | "RPL_METADATAUNSUBOK" | "RPL_METADATASUBS",
  keys: readonly string[],
): readonly OutgoingMessage[] {
  const maxBytes = roomFor(formatMessage({ ...session.numeric(name, []), source: session.server }));
  return packWords(keys, { separator: " ", maxBytes, maxWords: maxKeysPerLine }).map((words) =>
    session.numeric(name, words),
  );
}

function invalidKeys(session: IrcSession, keys: readonly string[]): readonly OutgoingMessage[] {
  return keys.map((key) => invalidKey(session, key));
}

function invalidKey(session: IrcSession, key: string): OutgoingMessage {
  return session.fail("METADATA", "KEY_INVALID", [key], "That cannot be a key");
}
