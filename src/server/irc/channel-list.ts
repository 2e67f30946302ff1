import type { IrcMessage, OutgoingMessage } from "../../protocols/irc/message.ts";
import type { Answer, Bounds, WantedRooms } from "../link.ts";
import type { IrcCommands } from "./command.ts";
import type { IrcSession } from "./session.ts";

/** What `LIST` can be asked by: `ELIST`. Creation, mask, not a mask, topic, users. */
export const listConditions = "CMNTU";

const minuteMs = 60_000;

/** What channels there are: https://modern.ircdocs.horse/#list-message */
export const channelListCommands: IrcCommands = {
  LIST: { params: 0, act: list },
};

function list(session: IrcSession, { params }: IrcMessage): void {
  const wanted = wantedRooms(params.slice(0, 2).join(","), session.context.clock.now());
  session.ask(
    (tag) => ({ kind: "look", session: session.id, tag, query: { kind: "rooms", wanted } }),
    (tell) => (tell.kind === "answer" && tell.answer.kind === "rooms" ? replies(session, tell.answer) : []),
  );
}

function replies(
  session: IrcSession,
  { count, rooms }: Extract<Answer, { kind: "rooms" }>,
): readonly OutgoingMessage[] {
  const more = count - rooms.length;
  const text = `There are ${more} channels more. Ask for fewer at a time, as LIST >5 or LIST *word*`;
  return [
    session.numeric("RPL_LISTSTART", ["Channel"]),
    ...rooms.map(({ name, people, topic }) => session.numeric("RPL_LIST", [name, String(people)], topic)),
    session.numeric("RPL_LISTEND", []),
    ...(more === 0 ? [] : [{ command: "NOTICE", params: [session.client], text }]),
  ];
}

/** The conditions, separated by commas, of https://modern.ircdocs.horse/#elist-parameter; ages are in minutes. */
function wantedRooms(text: string, now: number): WantedRooms {
  const masks: string[] = [];
  const notMasks: string[] = [];
  let wanted: WantedRooms = {};
  for (const word of text.split(",")) {
    const [, what = "", comparison = "", digits = ""] = /^([CT]?)([<>])(\d{1,9})$/i.exec(word) ?? [];
    const isAbove = comparison === ">";
    const number = Number(digits);
    // Who was made less than so many minutes ago was made after that instant.
    const age = (bounds: Bounds = {}): Bounds => within(bounds, !isAbove, now - number * minuteMs);
    if (comparison === "") {
      if (word.startsWith("!")) notMasks.push(word.slice(1));
      else if (word !== "") masks.push(word);
    } else if (what === "") {
      wanted = { ...wanted, people: within(wanted.people ?? {}, isAbove, number) };
    } else if (what.toUpperCase() === "C") {
      wanted = { ...wanted, created: age(wanted.created) };
    } else {
      wanted = { ...wanted, topicSet: age(wanted.topicSet) };
    }
  }
  // A channel of IRC is where somebody is; one that nobody is in is shown to who asks for it.
  if (masks.length === 0) return { people: { above: 0 }, ...wanted, notMasks };
  return { ...wanted, notMasks, masks };
}

function within(bounds: Bounds, isAbove: boolean, number: number): Bounds {
  return isAbove ? { ...bounds, above: number } : { ...bounds, below: number };
}
