import type { CommandName } from "./commands.ts";
import { flagsByWord } from "./modes.ts";

const patterns = [
  "A pattern is a username, with * and ? for any characters,",
  "or name!door@host as /whois shows it.",
];
const forOperators = ["For the operators of the room."];

/** What `/help COMMAND` says of a command beyond its usage and its summary, a line each. */
export const commandDetails: Readonly<Record<CommandName, readonly string[]>> = {
  pm: ["Nobody else in the chat is shown it. The username may be written in any case."],
  me: ["The others are shown it as '* Alice waves'."],
  list: [
    "With a beginning, only those whose names begin with it.",
    "A long list shows its first names; a beginning finds the rest.",
  ],
  history: ["With a count, that many, as far as the server gives them."],
  since: ["Each comes with its number; to go on from the last: '/since 123'."],
  search: [
    'Also: "words side by side", from:NAME,',
    "after:2026-11-24, before:2026-11-24T14:30 (the server's local time).",
    "Your own private messages are found as well, and nobody else's.",
  ],
  join: ["What you write goes to that room from then on. Who makes a room is its operator."],
  leave: ["Without a room, the one that you look at."],
  room: [
    "What you write goes there; lines from other rooms have their names in front.",
    "To write to another room once: '#room hello'.",
    "Without a room: how this one is run.",
  ],
  rooms: ["With how many people are in each, and its topic."],
  topic: ["'/topic -' takes it away."],
  invite: ["An invitation is good once, also where the room is closed otherwise."],
  kick: ["For its operators."],
  ban: patterns,
  unban: patterns,
  op: forOperators,
  deop: forOperators,
  voice: forOperators,
  devoice: forOperators,
  set: [
    `On or off: ${[...flagsByWord.keys()].slice(0, 4).join(", ")},`,
    `${[...flagsByWord.keys()].slice(4).join(", ")};`,
    "password (a word, or off), limit (a number of people, or off).",
    "For its operators.",
  ],
  rename: ["Everybody stays in it, and what was said stays there. For its operators."],
  nick: ["For the rules of names see '/help'; everybody in your rooms is told."],
  away: ["Who writes to you is told."],
  whois: ["Nobody is shown an address."],
  ignore: [
    "Not in rooms, not in private, not of before; he is told nothing of it.",
    "That he comes and goes is shown. Without a username: whom you ignore.",
  ],
  unignore: ["What he said meanwhile is in the history."],
  register: [
    "Nobody else can use it from then on, by whichever door:",
    "who comes in under it is asked for the password.",
    "The rooms that you are in stay yours.",
  ],
  login: ["Whoever comes in under a registered name is asked for its password anyway."],
  password: ["Your other devices are signed out, and ask for the new one."],
  devices: ["Programs that ask for no password any more, each with its id."],
  forget: ["By its id, as /devices shows it."],
  help: ["For example '/help pm'."],
  quit: ["What you sent before it is still delivered."],
};
