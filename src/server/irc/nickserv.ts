import { foldName } from "../../chat/name.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { deviceText, passwordChangedText } from "../../protocols/line/accounts.ts";
import { refusalText } from "../../protocols/refusal-text.ts";
import { upperAscii } from "../../protocols/upper-ascii.ts";
import type { PersonalTell } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import { loggedIn } from "./sasl.ts";
import type { IrcSession } from "./session.ts";

const service = "NickServ";

const help: readonly string[] = [
  "Here a name can be made one's own, with a password. What to write to NickServ:",
  "REGISTER <password> [<email>]: the name that you have is yours from now on",
  "IDENTIFY [<name>] <password>: be who you are registered as",
  "PASSWD <old> <new>: have another password; your other devices are signed out",
  "DEVICES: where you stay signed in",
  "FORGET <device>: sign a device out, by its id",
  "CERT: the certificates by which you sign in (SASL EXTERNAL)",
  "CERT ADD [<fingerprint>]: sign in by the one that your client shows, or by another one",
  "CERT DEL <fingerprint>: sign in by it no more",
  "INFO [<name>]: whether somebody is signed in, and as whom",
  "HELP: this",
];

/** As clients abbreviate a message to NickServ. */
export const nickServCommands: IrcCommands = {
  NS: { params: 0, act: (session, { params }) => serve(session, params.join(" ")) },
  NICKSERV: { params: 0, act: (session, { params }) => serve(session, params.join(" ")) },
};

/** Whether a message to this target is for NickServ, which is nobody: the door reads it. */
export function isNickServ(target: string): boolean {
  return foldName(target) === foldName(service);
}

/** Does what somebody writes to NickServ, and has it answer. */
export function serve(session: IrcSession, text: string): void {
  const [word = "", ...rest] = text.split(" ").filter((part) => part !== "");
  const [first, second] = rest;
  switch (upperAscii(word)) {
    case "REGISTER":
      if (first === undefined || rest.length > 2)
        session.reply(notice(session, "REGISTER <password> [<email>]"));
      else register(session, first, second);
      return;
    case "IDENTIFY":
      if (first === undefined || rest.length > 2)
        session.reply(notice(session, "IDENTIFY [<name>] <password>"));
      else if (second === undefined) identify(session, session.client, first);
      else identify(session, first, second);
      return;
    case "PASSWD":
      if (first === undefined || second === undefined || rest.length > 2)
        session.reply(notice(session, "PASSWD <old> <new>"));
      else changePassword(session, first, second);
      return;
    case "DEVICES":
      devices(session, undefined);
      return;
    case "FORGET":
      if (first === undefined || rest.length > 1) session.reply(notice(session, "FORGET <device>"));
      else devices(session, first);
      return;
    case "CERT":
      certificates(session, rest);
      return;
    case "INFO":
      inform(session, first ?? session.client);
      return;
    case "HELP":
      session.reply(...help.map((line) => notice(session, line)));
      return;
    default:
      session.reply(notice(session, `There is no ${word}. Write HELP for what there is`));
  }
}

function register(session: IrcSession, password: string, email: string | undefined): void {
  session.askAlone(
    (tag) => ({ kind: "register", session: session.id, tag, name: undefined, password, email }),
    (tell) => signedIn(session, tell),
  );
}

function identify(session: IrcSession, account: string, password: string): void {
  session.askAlone(
    (tag) => ({
      kind: "sign-in",
      session: session.id,
      tag,
      proof: { kind: "password", account, password },
    }),
    (tell) => signedIn(session, tell),
  );
}

function changePassword(session: IrcSession, before: string, after: string): void {
  session.askAlone(
    (tag) => ({ kind: "change-password", session: session.id, tag, before, after }),
    (tell) => {
      if (tell.kind === "refused") return [notice(session, refusalText(tell.refusal))];
      return tell.kind === "password-changed" ? [passwordChanged(session, tell)] : [];
    },
  );
}

/** One's password is another one. */
export function passwordChanged(
  session: IrcSession,
  { signedOut }: Extract<PersonalTell, { kind: "password-changed" }>,
): OutgoingMessage {
  return notice(session, passwordChangedText(signedOut));
}

/** Lists them; before that signs one of them out. */
function devices(session: IrcSession, revoke: string | undefined): void {
  session.ask(
    (tag) => ({ kind: "devices", session: session.id, tag, revoke }),
    (tell) => {
      if (tell.kind === "refused") return [notice(session, refusalText(tell.refusal))];
      if (tell.kind !== "answer" || tell.answer.kind !== "devices") return [];
      const { devices: all } = tell.answer;
      const title = all.length === 0 ? "You stay signed in nowhere" : `Devices (${all.length}):`;
      return [title, ...all.map(deviceText)].map((line) => notice(session, line));
    },
  );
}

/** SHA-256, as OpenSSL and others write it. */
function fingerprintOf(text: string): string | undefined {
  const hex = text.replaceAll(":", "").toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined;
}

/** Lists them; before that adds or removes one. */
function certificates(session: IrcSession, [word, typed, ...more]: readonly string[]): void {
  const fingerprint = typed === undefined ? undefined : fingerprintOf(typed);
  const kinds: Readonly<Record<string, "add" | "remove">> = { ADD: "add", DEL: "remove" };
  const kind = word === undefined ? undefined : kinds[upperAscii(word)];
  const isWrong = typed !== undefined ? fingerprint === undefined : kind === "remove";
  if ((word !== undefined && kind === undefined) || isWrong || more.length > 0) {
    session.reply(
      notice(session, "CERT, CERT ADD [<fingerprint>], CERT DEL <fingerprint>; SHA-256, in hexadecimal"),
    );
    return;
  }
  const change = kind && { kind, fingerprint };
  session.askAlone(
    (tag) => ({ kind: "certificates", session: session.id, tag, change }),
    (tell) => {
      if (tell.kind === "refused") return [notice(session, refusalText(tell.refusal))];
      if (tell.kind !== "answer" || tell.answer.kind !== "certificates") return [];
      const { certificates: all, own } = tell.answer;
      const title = all.length === 0 ? "You sign in by no certificate" : `Certificates (${all.length}):`;
      const lines = all.map((one) => (one === own ? `${one}, which you show now` : one));
      return [title, ...lines].map((line) => notice(session, line));
    },
  );
}

function signedIn(session: IrcSession, tell: PersonalTell): readonly OutgoingMessage[] {
  if (tell.kind === "refused") return [notice(session, refusalText(tell.refusal))];
  if (tell.kind !== "signed-in") return [];
  const { account, isNew } = tell;
  const text = isNew ? `The name ${account} is yours from now on` : `You are signed in as ${account}`;
  return [loggedIn(session, account), notice(session, text)];
}

function inform(session: IrcSession, name: string): void {
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "person", name } }),
    (tell) => {
      if (tell.kind === "refused") return [notice(session, refusalText(tell.refusal))];
      if (tell.kind !== "answer" || tell.answer.kind !== "person") return [];
      const { name: shown, account } = tell.answer.person.author;
      return [
        notice(session, `${shown} is ${account === undefined ? "a guest" : `signed in as ${account}`}`),
      ];
    },
  );
}

function notice(session: IrcSession, text: string): OutgoingMessage {
  const source = `${service}!${service}@${session.server}`;
  return { source, command: "NOTICE", params: [session.client], text };
}
