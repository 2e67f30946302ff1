import type { Refusal } from "../../chat/refusal.ts";
import type { OutgoingMessage } from "../../protocols/irc/message.ts";
import { refusalText } from "../../protocols/refusal-text.ts";
import type { IrcSession } from "./session.ts";

/** What was asked for: the command, and whom or what it was about. */
export interface Asked {
  readonly command: string;
  readonly target?: string | undefined;
  readonly room?: string | undefined;
  readonly key?: string | undefined;
}

/** The answer to what may not be: a numeric where IRC has one, and else a standard reply. */
export function refusalMessages(
  session: IrcSession,
  refusal: Refusal,
  asked: Asked,
): readonly OutgoingMessage[] {
  const { command } = asked;
  const target = asked.target ?? asked.room ?? "*";
  const room = asked.room ?? asked.target ?? "*";
  const text = refusalText(refusal);
  const fail = (code: string, context: readonly string[] = []): readonly OutgoingMessage[] => [
    session.fail(command, code, context, text),
  ];
  switch (refusal.reason) {
    case "name-empty":
      return [session.numeric("ERR_NONICKNAMEGIVEN", [])];
    case "name-white-space":
    case "name-slash":
    case "name-invisible":
    case "name-unsafe":
    case "name-too-long":
    case "name-reserved":
      if (command === "REGISTER") return fail("BAD_ACCOUNT_NAME", [refusal.name]);
      return [session.numeric("ERR_ERRONEUSNICKNAME", [refusal.name], text)];
    case "name-in-use":
    case "name-look-alike":
    case "name-registered":
      if (command === "REGISTER") return fail("ACCOUNT_EXISTS", [refusal.name]);
      return [session.numeric("ERR_NICKNAMEINUSE", [refusal.name], text)];
    case "name-unchanged":
      return [];
    case "not-online":
      return [session.numeric("ERR_NOSUCHNICK", [refusal.name])];
    case "too-much-waits":
      return fail("CANNOT_SEND", [refusal.name]);
    case "to-oneself":
      return fail("CANNOT_SEND_TO_SELF", [target]);
    case "ignoring-oneself":
      return fail("CANNOT_IGNORE_SELF", [target]);
    case "not-ignored":
      return fail("NOT_IGNORED", [refusal.name]);
    case "too-many-ignored":
      return [session.numeric("ERR_SILELISTFULL", [target])];
    case "accounts-only":
      return [session.numeric("ERR_NEEDREGGEDNICK", [refusal.name], text)];
    case "real-name-unusable":
      return fail("INVALID_REALNAME");
    case "operator-needed":
      return [session.numeric("ERR_NOPRIVILEGES", [])];
    case "no-such-target":
      return fail("INVALID_TARGET", [target]);
    case "metadata-forbidden":
      return fail("KEY_NO_PERMISSION", [target, asked.key ?? "*"]);
    case "metadata-not-set":
      return fail("KEY_NOT_SET", [target, refusal.key]);
    case "metadata-full":
      return fail("LIMIT_REACHED", [target]);
    case "metadata-too-long":
      return fail("VALUE_INVALID", []);
    case "no-such-room":
    case "no-such-stream":
      return [session.numeric("ERR_NOSUCHCHANNEL", [room], text)];
    case "room-name-unusable":
    case "room-name-too-long":
      if (command === "RENAME") return fail("CANNOT_RENAME", [room, target]);
      return [session.numeric("ERR_NOSUCHCHANNEL", [room], text)];
    case "room-name-taken":
      return fail("CHANNEL_NAME_IN_USE", [room, target]);
    case "not-in-room":
      return command === "PRIVMSG" || command === "NOTICE" || command === "TAGMSG"
        ? [session.numeric("ERR_CANNOTSENDTOCHAN", [refusal.room])]
        : [session.numeric("ERR_NOTONCHANNEL", [refusal.room])];
    case "in-no-room":
      return [session.numeric("ERR_NOTONCHANNEL", [room])];
    case "already-in-room":
      return [];
    case "not-a-member":
      return [session.numeric("ERR_USERNOTINCHANNEL", [refusal.name, refusal.room])];
    case "already-a-member":
      return [session.numeric("ERR_USERONCHANNEL", [refusal.name, refusal.room])];
    case "banned-from-room":
      if (command === "JOIN") return [session.numeric("ERR_BANNEDFROMCHAN", [refusal.room])];
      return command === "NICK"
        ? [session.numeric("ERR_BANONCHAN", [target, refusal.room])]
        : [session.numeric("ERR_CANNOTSENDTOCHAN", [refusal.room], "Cannot send to channel (+b)")];
    case "invitation-needed":
      return [session.numeric("ERR_INVITEONLYCHAN", [refusal.room])];
    case "account-needed":
      return [session.numeric("ERR_NEEDREGGEDNICK", [refusal.room])];
    case "wrong-room-key":
      return [session.numeric("ERR_BADCHANNELKEY", [refusal.room])];
    case "room-full":
      return [session.numeric("ERR_CHANNELISFULL", [refusal.room])];
    case "room-moderated":
      return [session.numeric("ERR_CANNOTSENDTOCHAN", [refusal.room], "Cannot send to channel (+m)")];
    case "room-without-ctcp":
      return [session.numeric("ERR_CANNOTSENDTOCHAN", [refusal.room], "Cannot send to channel (+C)")];
    case "role-needed":
    case "outranked":
      return [session.numeric("ERR_CHANOPRIVSNEEDED", [refusal.room], text)];
    case "not-in-lobby":
      if (command === "RENAME") return fail("CANNOT_RENAME", [room, target]);
      return [session.numeric("ERR_CHANOPRIVSNEEDED", [room], text)];
    case "too-many-rooms":
    case "too-many-rooms-here":
      return [session.numeric("ERR_TOOMANYCHANNELS", [room], text)];
    case "too-many-masks":
      return [session.numeric("ERR_BANLISTFULL", [refusal.room, "b"], text)];
    case "text-empty":
      return [session.numeric("ERR_NOTEXTTOSEND", [])];
    case "text-too-long":
      return [session.numeric("ERR_INPUTTOOLONG", [], text)];
    case "text-too-many-lines":
      return [session.fail("BATCH", "MULTILINE_MAX_LINES", [String(refusal.maxLines)], text)];
    case "no-such-message":
      return fail("UNKNOWN_MSGID", [target, refusal.id]);
    case "not-your-message":
      return fail("REDACT_FORBIDDEN", [target, refusal.id]);
    case "too-fast":
    case "too-many-guesses":
      return fail("RATE_LIMITED", []);
    case "wrong-password":
      return fail("INVALID_CREDENTIALS", []);
    case "account-exists":
      return fail("ACCOUNT_EXISTS", [refusal.name]);
    case "not-signed-in":
      return fail("ACCOUNT_REQUIRED", []);
    case "no-certificate":
    case "unknown-certificate":
    case "certificate-taken":
      return fail("INVALID_CERTIFICATE", []);
    case "no-such-device":
      return fail("NO_SUCH_DEVICE", [refusal.device]);
    case "email-needed":
    case "email-unusable":
      return fail("INVALID_EMAIL", [target]);
    case "already-signed-in":
      return fail("ALREADY_AUTHENTICATED", [refusal.account]);
    case "clear-password":
      return fail("NEED_SECURE_CONNECTION", []);
    case "password-empty":
    case "password-unreadable":
    case "password-too-long":
      return fail("UNACCEPTABLE_PASSWORD", [target]);
    case "password-too-short":
      return fail("WEAK_PASSWORD", [target]);
    case "search-empty":
    case "search-unended":
    case "search-incomplete":
    case "search-twice":
    case "search-date":
    case "search-too-long":
    case "search-busy":
      return fail("INVALID_SEARCH", []);
    case "retry-mismatch":
      return fail("RETRY_MISMATCH", []);
    case "overloaded":
    case "storage-full":
    case "storage-busy":
    case "storage-failing":
    case "storage-unknown":
      return fail("TEMPORARILY_UNAVAILABLE", [target]);
  }
}
