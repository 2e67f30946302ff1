import { channelListCommands } from "./channel-list.ts";
import { channelPeopleCommands } from "./channel-people.ts";
import { channelCommands } from "./channels.ts";
import type { IrcCommand } from "./command.ts";
import { messageCommands } from "./messages.ts";
import { registrationCommands } from "./registration.ts";

/** All that the door understands, by name. A map, since a client may send any word. */
const commands: ReadonlyMap<string, IrcCommand> = new Map(
  Object.entries({
    ...registrationCommands,
    ...channelCommands,
    ...channelPeopleCommands,
    ...channelListCommands,
    ...messageCommands,
  }),
);

/** `command` in upper case. */
export function findCommand(command: string): IrcCommand | undefined {
  return commands.get(command);
}
