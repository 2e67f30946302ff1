import type { Refusal } from "../chat/refusal.ts";
import type { RoleName } from "../chat/room.ts";
import type { SearchKey } from "../chat/search.ts";
import { printable, quoted } from "../chat/text.ts";
import { ownRefusalText } from "./own-refusal-text.ts";
import { type ClosingReason, protocolVersion } from "./websocket/messages.ts";

const searchExamples: Readonly<Record<SearchKey, string>> = {
  from: "from:Alice",
  after: "after:2026-11-24 or after:2026-11-24T14:30",
  before: "before:2026-11-24 or before:2026-11-24T14:30",
};

/** A refusal as a sentence for people: one line without a full stop, what was asked for quoted in it. */
export function refusalText(refusal: Refusal): string {
  switch (refusal.reason) {
    case "name-too-long":
    case "password-too-long":
    case "room-name-too-long":
    case "not-in-room":
    case "wrong-room-key":
    case "text-too-long":
    case "text-too-many-lines":
      return ownRefusalText(refusal);
    case "name-empty":
      return "A username cannot be empty";
    case "name-white-space":
      return `Username '${quoted(refusal.name)}' cannot be used: white space is not allowed in it`;
    case "name-slash":
      return `Username '${quoted(refusal.name)}' cannot be used: it begins with '/'`;
    case "name-invisible":
      return `Username '${quoted(refusal.name)}' cannot be used: it has a control or invisible character in it`;
    case "name-unsafe":
      return `Username '${quoted(refusal.name)}' cannot be used: '${quoted(refusal.character)}' is not allowed there`;
    case "name-reserved":
      return `Username '${quoted(refusal.name)}' is reserved. Choose another one`;
    case "name-in-use":
      return `Username '${quoted(refusal.name)}' is already in use. Choose another one`;
    case "name-look-alike":
      return `Username '${quoted(refusal.name)}' looks like '${quoted(refusal.holder)}', who is online. Choose another one`;
    case "password-empty":
      return "A password cannot be empty";
    case "password-unreadable":
      return "That password cannot be used: it has a control character in it, or one that cannot be read";
    case "password-too-short":
      return `That password is too short: at least ${refusal.minCharacters} characters`;
    case "email-needed":
      return "An account needs an email address here";
    case "email-unusable":
      return `'${quoted(refusal.email)}' cannot be an email address`;
    case "too-many-guesses":
      return `There were too many wrong passwords. Try again in ${seconds(refusal.retryAfterMs)} s`;
    case "not-online":
      return `User '${quoted(refusal.name)}' is not online`;
    case "too-much-waits":
      return `User '${quoted(refusal.name)}' is not online, and messages from too many people wait for him already`;
    case "to-oneself":
      return "You cannot send a private message to yourself";
    case "ignoring-oneself":
      return "You cannot ignore yourself";
    case "not-ignored":
      return `You do not ignore '${quoted(refusal.name)}'`;
    case "too-many-ignored":
      return `You ignore ${refusal.max} people already, and cannot ignore more`;
    case "accounts-only":
      return `'${quoted(refusal.name)}' takes private messages only from people with an account`;
    case "real-name-unusable":
      return `What you say of yourself must have 1 to ${refusal.maxBytes} bytes`;
    case "operator-needed":
      return "Only operators of the server do that";
    case "no-such-target":
      return `There is nobody and no room called '${quoted(refusal.target)}'`;
    case "metadata-forbidden":
      return "You cannot change what is said there";
    case "metadata-not-set":
      return `Nothing is said under '${quoted(refusal.key)}'`;
    case "metadata-full":
      return `There are ${refusal.max} keys already, and there cannot be more`;
    case "metadata-too-long":
      return `That value is too long: at most ${refusal.maxBytes} bytes`;
    case "name-registered":
      return `Username '${quoted(refusal.name)}' belongs to somebody with a password. Choose another one`;
    case "name-unchanged":
      return `You are called '${quoted(refusal.name)}' already`;
    case "room-name-unusable":
      return `'${quoted(refusal.room)}' cannot be a room: white space, commas and invisible characters are not allowed in its name`;
    case "room-name-taken":
      return `There is a room '${quoted(refusal.room)}' already`;
    case "no-such-room":
      return `There is no room '${quoted(refusal.room)}'`;
    case "in-no-room":
      return "You are in no room. To come into one: /join #room";
    case "already-in-room":
      return `You are in '${quoted(refusal.room)}' already`;
    case "not-a-member":
      return `'${quoted(refusal.name)}' is not in '${quoted(refusal.room)}'`;
    case "already-a-member":
      return `'${quoted(refusal.name)}' is in '${quoted(refusal.room)}' already`;
    case "banned-from-room":
      return `You are banned from '${quoted(refusal.room)}'`;
    case "invitation-needed":
      return `'${quoted(refusal.room)}' is open only to people who are invited`;
    case "account-needed":
      return `'${quoted(refusal.room)}' is open only to people with an account`;
    case "room-full":
      return `'${quoted(refusal.room)}' is full: at most ${refusal.limit} people`;
    case "room-moderated":
      return `'${quoted(refusal.room)}' is moderated: only people with a voice speak there`;
    case "room-without-ctcp":
      return `Nothing is asked of programs in '${quoted(refusal.room)}'`;
    case "role-needed":
      return `You must be ${roleWords[refusal.role]} of '${quoted(refusal.room)}' for that`;
    case "outranked":
      return `You cannot do that to somebody who ranks above you in '${quoted(refusal.room)}'`;
    case "not-in-lobby":
      return "That cannot be done in the lobby";
    case "too-many-rooms":
      return `You are in ${refusal.max} rooms already, and cannot be in more`;
    case "too-many-rooms-here":
      return `There are ${refusal.max} rooms already, and no more can be made`;
    case "too-many-masks":
      return `The lists of '${quoted(refusal.room)}' are full: at most ${refusal.max} masks`;
    case "wrong-password":
      return "That account and password do not belong together";
    case "account-exists":
      return `There is an account '${quoted(refusal.name)}' already`;
    case "already-signed-in":
      return `You are signed in as '${quoted(refusal.account)}' already`;
    case "clear-password":
      return "Passwords are not taken over an unprotected connection from another machine: come in by TLS";
    case "not-signed-in":
      return "You have no account here. To keep your name: /register <password>";
    case "no-certificate":
      return "Your client shows no certificate here: it has to come in by TLS, with one";
    case "unknown-certificate":
      return "That certificate is not one by which that account is signed in to";
    case "certificate-taken":
      return "Somebody else signs in by that certificate";
    case "no-such-device":
      return `You are not signed in on a device '${quoted(refusal.device)}'`;
    case "no-such-stream":
      return `There is no '${quoted(refusal.stream)}' here`;
    case "text-empty":
      return "There is nothing in that message";
    case "no-such-message":
      return "There is no such message, or it is gone already";
    case "not-your-message":
      return "That message is not yours to remove";
    case "too-fast":
      return `You are sending too fast. Try again in ${seconds(refusal.retryAfterMs)} s`;
    case "retry-mismatch":
      return "This message was sent before with other words, so it was not stored again";
    case "overloaded":
      return "The server has too much to do. Nothing was stored; try again in a moment";
    case "search-empty":
      return "There is nothing to search for in that: it wants a word, from:NAME, after:DATE or before:DATE";
    case "search-unended":
      return `The phrase ${quoted(refusal.phrase)} has no end: a quotation mark is missing`;
    case "search-incomplete":
      return `Nothing stands behind '${refusal.key}:'; write it like ${searchExamples[refusal.key]}`;
    case "search-twice":
      return `A search can have '${refusal.key}:' only once`;
    case "search-date":
      return `'${quoted(refusal.given)}' is no date for '${refusal.key}:'; write it like ${searchExamples[refusal.key]}`;
    case "search-too-long":
      return `There is too much in that search: at most ${refusal.maxWords} words and phrases`;
    case "search-busy":
      return "Too many people are searching. Try again in a moment";
    case "storage-full":
      return "The server has no space left. Nothing was stored; tell its operator, and try again later";
    case "storage-busy":
      return "The server's storage is in use by another program. Nothing was stored; try again in a moment";
    case "storage-failing":
      return "The server's storage is failing. Nothing was stored; tell its operator, and try again later";
    case "storage-unknown":
      return "The server cannot tell whether this was stored. Look at the history before you send it again";
  }
}

const roleWords: Readonly<Record<RoleName, string>> = {
  owner: "an owner",
  admin: "an admin",
  operator: "an operator",
  halfOperator: "an operator",
  voice: "somebody with a voice",
};

const closingSentences: Readonly<Record<ClosingReason, string>> = {
  quit: "Goodbye",
  shutdown: "Server is shutting down",
  kicked: "You were removed from the chat",
  banned: "You are banned from this server",
  "signed-out": "This device was signed out",
  "taken-over": "You came in from somewhere else, which takes over from here",
  "too-many-connections": "There are too many connections. Try again later",
  "login-timeout": "No username came in time. Connect again to try once more",
  "names-refused": "No more usernames are taken on this connection. Connect again to try once more",
  "too-slow": "You were too slow to take what was sent to you. Connect again to read on",
  silent: "Nothing came from you for too long. Connect again to go on",
  malformed: "What you sent cannot be understood",
  "wrong-version": `This server speaks version ${protocolVersion} of the protocol. Update the client`,
  fault: "Something went wrong in the server. Connect again to go on",
};

/** Why a connection ends, as a sentence for people; `words` are the operator's, and are put after it. */
export function closingText(reason: ClosingReason, words?: string): string {
  const sentence = closingSentences[reason];
  return words === undefined || words === "" ? sentence : `${sentence}: ${printable(words)}`;
}

/** Rounded up: who waits for as long as it says has waited long enough. */
function seconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000));
}
