import type { Deed } from "./deed.ts";
import { type Door, garden, type Participant } from "./participant.ts";

/** Everything that happens among them: what is asked for, and what comes of coming and going. */
export type Happening =
  | Deed
  | { readonly kind: "come" | "quit" }
  | { readonly kind: "made-operator"; readonly by: string };

type Words = Readonly<Record<Door, readonly string[]>>;

/** What is shown of something to somebody by his door, one line each, as `Participant.between` has it. */
export function shown(happening: Happening, actor: Participant, observer: Participant): readonly string[] {
  const isOwn = actor === observer;
  return (isOwn ? own(happening, actor.name) : others(happening, actor, observer))[observer.door];
}

/** At netcat and in the plain client it is the same, mostly. */
/** Who is out of the room that he looked at. */
const looksAtLobby = "T [SYSTEM] You look at #lobby now";

function words(
  line: readonly string[],
  full: readonly string[],
  irc: readonly string[],
  framework: readonly string[],
): Words {
  return { netcat: line, plain: line, full, irc, framework };
}

const nothing = words([], [], [], []);

function news(sentence: string, irc: readonly string[], framework: readonly string[]): Words {
  return words([`T [SYSTEM] ${sentence}`], [`*: ${sentence}`], irc, framework);
}

function isIrc({ door }: Participant): boolean {
  return door === "irc" || door === "framework";
}

function others(happening: Happening, actor: Participant, observer: Participant): Words {
  const { name } = actor;
  switch (happening.kind) {
    case "say": {
      const { room, text } = happening;
      return words(
        [`T ${name}: ${text}`],
        [`${name}: ${text}`],
        [`:${name} PRIVMSG ${room} :${text}`],
        [`${room} <${name}> ${text}`],
      );
    }
    case "act": {
      const { room, text } = happening;
      const said = `* ${name} ${text}`;
      return words(
        [`T ${said}`],
        [`*: ${name} ${text}`],
        [`:${name} PRIVMSG ${room} :\x01ACTION ${text}\x01`],
        [`${room} ${said}`],
      );
    }
    case "tell": {
      const { to, text } = happening;
      if (to !== observer.name) return nothing;
      return words(
        [`T [PM from ${name}] ${text}`],
        [`${name}: (to you) ${text}`],
        [`:${name} PRIVMSG ${to} :${text}`],
        [`${to} <${name}> ${text}`],
      );
    }
    case "topic": {
      const { room, text } = happening;
      return news(
        `${name} set the topic: ${text}`,
        [`:${name} TOPIC ${room} :${text}`],
        [`${name} sets the topic of ${room}: ${text}`],
      );
    }
    case "kick": {
      const { room, who, text } = happening;
      const all = news(
        `${name} removed ${who}: ${text}`,
        [`:${name} KICK ${room} ${who} :${text}`],
        [`${name} kicks ${who} from ${room} (${text})`],
      );
      if (who !== observer.name) return all;
      const more = `You are not in ${room} any more`;
      return {
        ...all,
        netcat: [...all.netcat, `T [SYSTEM] ${more}`, looksAtLobby],
        plain: [...all.plain, `T [SYSTEM] ${more}`, looksAtLobby],
        full: [...all.full, `*: ${more}`],
      };
    }
    case "invite": {
      const { room, who } = happening;
      const notified = [`${name} invites ${who} to ${room}`];
      if (who !== observer.name) return { ...nothing, framework: notified };
      return words(
        [`T [SYSTEM] ${name} invites you to ${room}. To come in: /join ${room}`],
        [`*: ${name} invites you to ${room}. Alt-I comes in`],
        [`:${name} INVITE ${who} ${room}`],
        notified,
      );
    }
    case "join": {
      const { room } = happening;
      return words(
        [`T [SYSTEM] ${name} has joined ${room}`],
        [`–: ${name} joined`],
        [`:${name} JOIN ${room}`],
        [`${name} joins ${room}`],
      );
    }
    case "leave": {
      const { room, text } = happening;
      return words(
        [`T [SYSTEM] ${name} has left ${room}: ${text}`],
        [`–: ${name} (${text}) left`],
        [`:${name} PART ${room} :${text}`],
        [`${name} leaves ${room} (${text})`],
      );
    }
    case "rename": {
      const { to } = happening;
      return news(`${name} is now called ${to}`, [`:${name} NICK ${to}`], [`${name} is now ${to}`]);
    }
    case "away":
      return { ...nothing, framework: [`${name} is away (${happening.text})`] };
    case "back":
      return { ...nothing, framework: [`${name} is back`] };
    case "come":
      return words(
        [`#lobby T [SYSTEM] ${name} has joined the chat`],
        [],
        [`:${name} JOIN #lobby`],
        [`${name} joins #lobby`],
      );
    case "quit": {
      const said = isIrc(actor) ? "so long" : "";
      const quit = `Quit: ${said}`;
      const line = said === "" ? "" : `: ${said}`;
      return words(
        [`T [SYSTEM] ${name} has left the chat${line}`],
        [`–: ${name}${said === "" ? "" : ` (${said})`} left`],
        [`:${name} QUIT :${quit}`],
        [`${name} quits (${quit})`],
      );
    }
    case "made-operator": {
      const { by } = happening;
      return news(
        `${by} made ${name} an operator`,
        [`:${by} MODE ${garden} +o ${name}`],
        [`${by} sets ${garden} +o ${name}`],
      );
    }
  }
}

function own(happening: Happening, name: string): Words {
  switch (happening.kind) {
    case "say":
      return { ...nothing, plain: [`You: ${happening.text}`], full: [`${name} ✓: ${happening.text}`] };
    case "act":
      return { ...nothing, full: [`* ✓: ${name} ${happening.text}`] };
    case "tell": {
      const { to, text } = happening;
      return words([`T [PM to ${to}] ${text}`], [`${name} ✓: (to ${to}) ${text}`], [], []);
    }
    case "topic":
    case "kick":
    case "made-operator": {
      // Nothing is different for who does it.
      const self = { name, door: "irc" } as Participant;
      return others(happening, self, { ...self, name: "" });
    }
    case "invite": {
      const { room, who } = happening;
      return news(`You invited ${who} to ${room}`, [`341 ${who} ${room}`], [`invited ${who} to ${room}`]);
    }
    case "rename": {
      const { to } = happening;
      return news(`You are now called ${to}`, [`:${name} NICK ${to}`], [`${name} is now ${to}`]);
    }
    case "away": {
      const { text } = happening;
      return news(
        `You are away: ${text}`,
        ["306 :You have been marked as being away"],
        [`${name} is away (You have been marked as being away)`],
      );
    }
    case "back":
      return news("You are back", ["305 :You are no longer marked as being away"], [`${name} is back`]);
    case "leave": {
      const { room, text } = happening;
      return words(
        [`T [SYSTEM] You left ${room}`, looksAtLobby],
        [],
        [`:${name} PART ${room} :${text}`],
        [`${name} leaves ${room} (${text})`],
      );
    }
    // What one is shown on coming in is another matter.
    case "join":
    case "come":
    case "quit":
      return nothing;
  }
}
