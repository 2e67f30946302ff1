import { accountRegistrationCommands } from "./account-registration.ts";
import { channelListCommands } from "./channel-list.ts";
import { channelPeopleCommands } from "./channel-people.ts";
import { channelCommands } from "./channels.ts";
import type { IrcCommand } from "./command.ts";
import { helpCommands } from "./help.ts";
import { historyCommands } from "./history.ts";
import { messageCommands } from "./messages.ts";
import { metadataCommands } from "./metadata.ts";
import { monitorCommands } from "./monitor.ts";
import { multilineCommands } from "./multiline.ts";
import { nickServCommands } from "./nickserv.ts";
import { operatorCommands } from "./operators.ts";
import { peopleCommands } from "./people.ts";
import { registrationCommands } from "./registration.ts";
import { saslCommands } from "./sasl.ts";
import { serverInfoCommands } from "./server-info.ts";
import { silenceCommands } from "./silence.ts";
import { whoCommands } from "./who.ts";
import { whoisCommands } from "./whois.ts";

/** All that the door understands, by name. A map, since a client may send any word. */
const commands: ReadonlyMap<string, IrcCommand> = new Map(
  Object.entries({
    ...registrationCommands,
    ...saslCommands,
    ...accountRegistrationCommands,
    ...nickServCommands,
    ...channelCommands,
    ...channelPeopleCommands,
    ...channelListCommands,
    ...messageCommands,
    ...multilineCommands,
    ...historyCommands,
    ...peopleCommands,
    ...whoCommands,
    ...whoisCommands,
    ...serverInfoCommands,
    ...monitorCommands,
    ...silenceCommands,
    ...metadataCommands,
    ...operatorCommands,
    ...helpCommands,
  }),
);

/** All of them, in upper case. */
export const commandNames: readonly string[] = [...commands.keys()];

/** `command` in upper case. */
export function findCommand(command: string): IrcCommand | undefined {
  return commands.get(command);
}
