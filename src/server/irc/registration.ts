import { capMessages, capVersion302, capWord, parseCap } from "../../protocols/irc/cap-command.ts";
import {
  type Capability,
  capabilities,
  capabilitiesOf,
  capabilitySet,
  isOlderName,
  requestCapabilities,
  withCapability,
} from "../../protocols/irc/capabilities.ts";
import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import { quitText } from "../../protocols/irc/quit.ts";
import type { PersonalTell } from "../link.ts";
import { registrationValue } from "./account-registration.ts";
import type { IrcCommands } from "./command.ts";
import { ownMetadata, tellOwnMetadata } from "./metadata.ts";
import { multilineValue } from "./multiline.ts";
import { personalMessages } from "./personal.ts";
import { refusalMessages } from "./refusals.ts";
import { abortSasl, saslMechanisms } from "./sasl.ts";
import type { IrcSession } from "./session.ts";
import { welcome } from "./welcome.ts";

/** What the server offers. */
const offered = capabilitySet(capabilities);

/** To come in and to go: https://modern.ircdocs.horse/#connection-registration */
export const registrationCommands: IrcCommands = {
  CAP: { params: 1, early: true, act: cap },
  PASS: {
    params: 1,
    early: true,
    act: (session, { params }) => {
      if (session.stage === "here") session.reply(session.numeric("ERR_ALREADYREGISTERED", []));
      else if (params[0] === "") session.reply(session.numeric("ERR_NEEDMOREPARAMS", ["PASS"]));
      else session.password = params[0];
    },
  },
  NICK: { params: 0, early: true, act: nick },
  USER: { params: 4, early: true, act: user },
  PING: {
    params: 1,
    early: true,
    act: (session, { params }) => {
      const [token = ""] = params;
      if (token === "") session.reply(session.numeric("ERR_NOORIGIN", []));
      else if (session.stage !== "here") session.reply(pong(session, token));
      else session.replyInOrder(pong(session, token));
    },
  },
  PONG: { params: 0, early: true, act: () => undefined },
  QUIT: {
    params: 0,
    early: true,
    act: (session, { params }) => {
      // Whoever asked to go is told apart from whose connection was lost, also where there is no reason.
      session.quit(quitText(params[0] ?? ""));
    },
  },
};

/** Comes in as soon as there is all that it takes. */
function pong(session: IrcSession, token: string): OutgoingMessage {
  return { command: "PONG", params: [session.server], text: token };
}

function tryToEnter(session: IrcSession): void {
  if (session.stage !== "registering" || session.isNegotiating) return;
  if (session.nick === undefined || session.user === undefined) return;
  abortSasl(session);
  const { connectionPassword } = session.settings;
  if (connectionPassword !== undefined && session.password !== connectionPassword) {
    session.reply(session.numeric("ERR_PASSWDMISMATCH", []));
    session.endWith("Bad password");
    return;
  }
  session.stage = "entering";
  session.enter((tell) => entered(session, tell));
}

function entered(session: IrcSession, tell: PersonalTell): ReturnType<typeof personalMessages> {
  if (tell.kind === "refused") {
    session.stage = "registering";
    const refused = session.nick;
    session.nick = undefined;
    return refusalMessages(session, tell.refusal, { command: "NICK", target: refused });
  }
  if (tell.kind !== "entered") return [];
  session.stage = "here";
  return [
    ...welcome(session, tell.counts, ownMetadata(session, tell.metadata)),
    ...personalMessages(session, tell),
  ];
}

function nick(session: IrcSession, { params }: IrcMessage): void {
  const [wanted = ""] = params;
  if (wanted === "") {
    session.reply(session.numeric("ERR_NONICKNAMEGIVEN", []));
    return;
  }
  if (session.stage === "here") {
    session.ask(
      (tag) => ({ kind: "do", session: session.id, tag, deed: { kind: "rename", name: wanted } }),
      (tell) =>
        tell.kind === "refused"
          ? refusalMessages(session, tell.refusal, { command: "NICK", target: wanted })
          : personalMessages(session, tell),
    );
    return;
  }
  const problem = session.nameProblem(wanted);
  if (problem !== undefined) {
    session.reply(...refusalMessages(session, problem, { command: "NICK", target: wanted }));
    return;
  }
  session.nick = wanted;
  tryToEnter(session);
}

function user(session: IrcSession, { params }: IrcMessage): void {
  if (session.stage !== "registering" || session.user !== undefined) {
    session.reply(session.numeric("ERR_ALREADYREGISTERED", []));
    return;
  }
  const [name = "", , , realName = ""] = params;
  if (name === "" || realName === "") {
    session.reply(session.numeric("ERR_NEEDMOREPARAMS", ["USER"]));
    return;
  }
  session.user = userOf(name);
  session.realName = realName;
  tryToEnter(session);
}

/** At most ten visible characters that mean nothing in masks, and a `~`: nobody has looked whether it is true. */
function userOf(given: string): string {
  const plain = given.replace(/[^A-Za-z0-9._-]/g, "").slice(0, 10);
  return `~${plain === "" ? "user" : plain}`;
}

function cap(session: IrcSession, { params }: IrcMessage): void {
  const command = parseCap(params);
  const about = { client: session.client, version: session.capVersion };
  switch (command.kind) {
    case "ls": {
      session.capVersion = Math.max(session.capVersion, command.version);
      if (session.stage === "registering") session.isNegotiating = true;
      // Who understands version 302 is told of changes without having asked.
      if (session.capVersion >= capVersion302) {
        session.setCapabilities(withCapability(session.capabilities, "cap-notify"));
      }
      const words = [
        ...transportSecurity(session),
        ...listed(session.capVersion).map((name) =>
          capWord(name, valueOf(session, name), session.capVersion),
        ),
      ];
      const version = session.capVersion;
      session.reply(...capMessages({ ...about, version, subcommand: "LS" }, words, session.server));
      return;
    }
    case "list": {
      const words = [...capabilitiesOf(session.capabilities)];
      session.reply(...capMessages({ ...about, subcommand: "LIST" }, words, session.server));
      return;
    }
    case "req": {
      if (session.stage === "registering") session.isNegotiating = true;
      const held = session.capabilities;
      const isNew = !session.has("draft/metadata-2");
      const implied = session.capVersion >= capVersion302;
      const set = requestCapabilities(command.list, offered, { held, implied });
      const subcommand = set === undefined ? "NAK" : "ACK";
      if (set !== undefined) session.setCapabilities(set);
      const asked = command.list.split(" ").filter((word) => word !== "");
      session.reply(...capMessages({ ...about, subcommand }, asked, session.server));
      if (isNew && session.has("draft/metadata-2") && session.stage === "here") tellOwnMetadata(session);
      return;
    }
    case "end":
      if (session.stage !== "registering") return;
      session.isNegotiating = false;
      tryToEnter(session);
      return;
    case "invalid":
      session.reply(session.numeric("ERR_INVALIDCAPCMD", [command.subcommand]));
      return;
  }
}

/** IRCv3 sts: it is nothing without its value, and cannot be asked for. */
function transportSecurity({ settings, capVersion, connection }: IrcSession): readonly string[] {
  const { stsSeconds } = settings;
  if (stsSeconds === undefined || capVersion < capVersion302) return [];
  return [`sts=port=${connection.socket.localPort ?? settings.port},duration=${stsSeconds}`];
}

/** One name for each: who knows version 302 is told of older ones too, for which there is room in his list. */
function listed(version: number): readonly Capability[] {
  return version >= capVersion302 ? capabilities : capabilities.filter((name) => !isOlderName(name));
}

/** What stands after a capability's name in `CAP LS 302`. */
function valueOf(session: IrcSession, name: Capability): string | undefined {
  if (name === "sasl") return saslMechanisms(session);
  if (name === "draft/account-registration") return registrationValue(session.settings);
  if (name === "draft/multiline") return multilineValue(session.settings);
  return session.context.irc.valueOf(name);
}
