import { createHash, createHmac, randomBytes } from "node:crypto";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { SaslResponses, saslChunks } from "../../protocols/irc/sasl-exchange.ts";
import { parsePlain } from "../../protocols/irc/sasl-plain.ts";
import { parseScramFirst, ScramExchange, type ScramHash } from "../../protocols/irc/scram.ts";
import { refusalText } from "../../protocols/refusal-text.ts";
import { upperAscii } from "../../protocols/upper-ascii.ts";
import type { PersonalTell, Proof } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import type { IrcSession } from "./session.ts";

/** In Base64: ten chunks hold the longest name and password. */
const maxResponseLength = 4000;
const nonceBytes = 18;

/** As `CAP LS 302` and numeric 908 list them: by a certificate only who may have shown one. */
export function saslMechanisms({ connection }: IrcSession): string {
  return connection.isTls ? "PLAIN,EXTERNAL,SCRAM-SHA-256" : "PLAIN,SCRAM-SHA-256";
}

const sha256: ScramHash = {
  hash: (bytes) => createHash("sha256").update(bytes).digest(),
  hmac: (key, bytes) => createHmac("sha256", key).update(bytes).digest(),
};

/** Where an exchange is: what the client's next response is taken for. */
type Step =
  | { readonly kind: "plain" }
  | { readonly kind: "external" }
  | { readonly kind: "scram-first" }
  | { readonly kind: "scram-last"; readonly account: string; readonly exchange: ScramExchange }
  /** The client has shown that it knows the password, and was shown that the server knows it. */
  | { readonly kind: "scram-done"; readonly account: string };

/** An exchange that has begun, and waits for the client. */
export interface Sasl {
  readonly responses: SaslResponses;
  step: Step;
}

/** Signing in, once or again: IRCv3 SASL 3.1 and 3.2. */
export const saslCommands: IrcCommands = {
  AUTHENTICATE: { params: 1, early: true, act: authenticate },
};

/** Who comes in goes on without having signed in. */
export function abortSasl(session: IrcSession): void {
  if (session.sasl === undefined) return;
  session.sasl = undefined;
  session.reply(session.numeric("ERR_SASLABORTED", []));
}

/** Somebody is signed in from now on. */
export function loggedIn(session: IrcSession, account: string): OutgoingMessage {
  return session.numeric("RPL_LOGGEDIN", [session.source, account], `You are now logged in as ${account}`);
}

function authenticate(session: IrcSession, { params }: IrcMessage): void {
  const [param = ""] = params;
  const { sasl } = session;
  if (sasl !== undefined) respond(session, sasl, param);
  else if (param === "*") session.reply(session.numeric("ERR_SASLABORTED", []));
  else begin(session, upperAscii(param));
}

function begin(session: IrcSession, mechanism: string): void {
  const step = firstStep(mechanism, session.connection.isTls);
  if (step === undefined) {
    session.reply(
      session.numeric("RPL_SASLMECHS", [saslMechanisms(session)]),
      session.numeric("ERR_SASLFAIL", []),
    );
    return;
  }
  session.sasl = { responses: new SaslResponses(maxResponseLength), step };
  session.reply(challenge("+"));
}

function firstStep(mechanism: string, isTls: boolean): Step | undefined {
  switch (mechanism) {
    case "PLAIN":
      return { kind: "plain" };
    case "EXTERNAL":
      return isTls ? { kind: "external" } : undefined;
    case "SCRAM-SHA-256":
      return { kind: "scram-first" };
    default:
      return undefined;
  }
}

function respond(session: IrcSession, sasl: Sasl, param: string): void {
  const input = sasl.responses.push(param);
  switch (input.kind) {
    case "more":
      return;
    case "aborted":
      abortSasl(session);
      return;
    case "too-long":
      session.sasl = undefined;
      session.reply(session.numeric("ERR_SASLTOOLONG", []));
      return;
    case "malformed":
      fail(session);
      return;
    case "response":
      take(session, sasl, input.bytes);
      return;
  }
}

function take(session: IrcSession, sasl: Sasl, bytes: Buffer): void {
  const { step } = sasl;
  switch (step.kind) {
    case "plain": {
      const credentials = parsePlain(bytes);
      if (
        credentials === undefined ||
        !isOneself(session, credentials.authorization, credentials.authentication)
      ) {
        fail(session);
        return;
      }
      const { authentication: account, password } = credentials;
      finish(session, { kind: "password", account, password });
      return;
    }
    // RFC 4422, appendix A: whom one wants to act as, or nothing.
    case "external":
      finish(session, {
        kind: "certificate",
        account: bytes.length === 0 ? undefined : bytes.toString(),
      });
      return;
    case "scram-first":
      beginScram(session, sasl, bytes);
      return;
    case "scram-last": {
      const { account, exchange } = step;
      const result = exchange.finish(bytes);
      // Whether one may guess is asked first: else the answer to the proof would tell, however often one tried.
      const proof: Proof = { kind: "scram", account, isProved: result.ok, isCheck: true };
      prove(session, proof, () => {
        sasl.step = { kind: "scram-done", account };
        return saslChunks(result.serverFinal).map(challenge);
      });
      return;
    }
    case "scram-done":
      if (bytes.length > 0) fail(session);
      else finish(session, { kind: "scram", account: step.account, isProved: true, isCheck: false });
      return;
  }
}

function beginScram(session: IrcSession, sasl: Sasl, bytes: Buffer): void {
  const first = parseScramFirst(bytes);
  if (typeof first === "string" || !isOneself(session, first.authorization, first.username)) {
    fail(session);
    return;
  }
  const account = first.username;
  session.askAlone(
    (tag) => ({ kind: "scram", session: session.id, tag, account }),
    (tell) => {
      if (tell.kind !== "scram") return failed(session, tell);
      const { salt, iterations, storedKey, serverKey } = tell.credentials;
      const credentials = {
        salt: Buffer.from(salt, "base64"),
        iterations,
        storedKey: Buffer.from(storedKey, "base64"),
        serverKey: Buffer.from(serverKey, "base64"),
      };
      const nonce = randomBytes(nonceBytes).toString("base64");
      const exchange = new ScramExchange(first, { nonce, credentials }, sha256);
      sasl.step = { kind: "scram-last", account, exchange };
      return saslChunks(exchange.serverFirst).map(challenge);
    },
  );
}

/** Nobody acts as somebody else. */
function isOneself(session: IrcSession, authorization: string, account: string): boolean {
  return authorization === "" || session.isSame(authorization, account);
}

function finish(session: IrcSession, proof: Proof): void {
  prove(session, proof, (tell) => {
    session.sasl = undefined;
    if (tell.kind !== "signed-in") return [];
    return [loggedIn(session, tell.account), session.numeric("RPL_SASLSUCCESS", [])];
  });
}

function prove(
  session: IrcSession,
  proof: Proof,
  proved: (tell: PersonalTell) => readonly OutgoingMessage[],
): void {
  session.askAlone(
    (tag) => ({ kind: "sign-in", session: session.id, tag, proof }),
    (tell) => (tell.kind === "refused" ? failed(session, tell) : proved(tell)),
  );
}

function fail(session: IrcSession): void {
  session.sasl = undefined;
  session.reply(session.numeric("ERR_SASLFAIL", []));
}

function failed(session: IrcSession, tell: PersonalTell): readonly OutgoingMessage[] {
  session.sasl = undefined;
  if (tell.kind !== "refused") return [session.numeric("ERR_SASLFAIL", [])];
  if (tell.refusal.reason === "already-signed-in") return [session.numeric("ERR_SASLALREADY", [])];
  return [session.numeric("ERR_SASLFAIL", [], `SASL authentication failed: ${refusalText(tell.refusal)}`)];
}

function challenge(data: string): OutgoingMessage {
  return { command: "AUTHENTICATE", params: [data] };
}
