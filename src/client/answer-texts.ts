import type { Instant } from "../chat/event.ts";
import * as accounts from "../protocols/line/accounts.ts";
import { type Show, systemLine } from "../protocols/line/render.ts";
import * as rooms from "../protocols/line/rooms.ts";
import type { EngineEvent } from "./engine-event.ts";

type Answered = Extract<EngineEvent, { readonly kind: "answer" }>;

/** The answer to a question, as the line door has it. `nameOf`: what a room is called, by its name or stream. */
export function answerText(
  { ask, answer }: Answered,
  how: { readonly now: Instant; readonly nameOf: (room: string) => string; readonly show?: Show },
): string {
  const { now, nameOf, show } = how;
  switch (answer.type) {
    case "rooms":
      return rooms.list({ ...answer, ...(show === undefined ? {} : { show }) });
    case "room":
      return rooms.description(answer.room, show);
    case "person": {
      const { person, user, host, account, isBot, realName, away, since } = answer;
      const author = { name: person.name, user, host, account, isBot };
      return rooms.person({ author, realName, away, since, rooms: answer.rooms }, now);
    }
    case "done":
      if (ask.type === "invite")
        return rooms.invitedOther(now, { ...answer, name: answer.name ?? ask.name, room: nameOf(ask.room) });
      if (ask.type === "away") return rooms.awayLine(now, ask.text);
      if ((ask.type === "ignore" || ask.type === "unignore") && answer.name !== undefined) {
        const { name, isHere = true } = answer;
        return accounts.ignoringLine(now, { name, on: ask.type === "ignore", isHere });
      }
      return systemLine(now, "It is so already");
    case "ignored":
      return accounts.ignoredLine(now, answer.people);
    case "devices":
      return accounts.devicesBlock(answer.devices);
    case "password-changed":
      return accounts.passwordChangedLine(now, answer.signedOut);
  }
}
