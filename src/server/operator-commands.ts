import { refusalText } from "../protocols/refusal-text.ts";
import { parseAddressKey } from "./address.ts";
import type { Clock } from "./clock.ts";
import type { RoomfulServer } from "./server.ts";

const usage = [
  "kick NAME [reason]                end somebody's connection",
  "ban ADDRESS [minutes] [reason]    keep an address out, for good without minutes",
  "unban ADDRESS                     let it in again",
  "bans                              list the bans",
  "list                              who is online",
  "say TEXT                          say something to everybody",
  "reload                            read the configuration again",
  "stop                              end the server",
  "help                              this list",
];

const maxBanMinutes = 9_999_999;
const banUsage = `Usage: ban ADDRESS [minutes (1 to ${maxBanMinutes})] [reason]`;

export interface OperatorContext {
  readonly server: Pick<RoomfulServer, "hub" | "gatekeeper">;
  readonly clock: Clock;
  readonly stop: () => void;
  readonly reload: () => void;
}

/** Carries out what was typed at the server's own terminal. Resolves to the lines to answer. */
export async function operate(line: string, context: OperatorContext): Promise<readonly string[]> {
  const [, command = "", rest = ""] = /^\s*(\S*)\s*(.*?)\s*$/.exec(line) ?? [];
  const { hub, gatekeeper } = context.server;
  switch (command.toLowerCase()) {
    case "":
      return [];
    case "kick": {
      const [name, reason] = firstWord(rest);
      if (name === "") return ["Usage: kick NAME [reason]"];
      const kicked = hub.kick(name, reason || undefined);
      return [kicked === undefined ? `User '${name}' is not online` : `${kicked} was removed`];
    }
    case "ban":
      return ban(rest, context);
    case "unban": {
      const key = parseAddressKey(rest);
      if (key === undefined) return ["Usage: unban ADDRESS"];
      return [(await gatekeeper.unban(key)) ? `${key} may come in again` : `${key} was not banned`];
    }
    case "bans": {
      if (rest !== "") return ["Usage: bans"];
      const bans = gatekeeper.bans(context.clock.now());
      return bans.length === 0 ? ["Nobody is banned"] : bans.map(describeBan);
    }
    case "list": {
      if (rest !== "") return ["Usage: list"];
      const { count, names } = hub.online();
      const more = count > names.length ? ` … and ${count - names.length} more` : "";
      return [`Online Users (${count}): ${names.join(", ")}${more}`];
    }
    case "say": {
      if (rest === "") return ["Usage: say TEXT"];
      const refusal = await hub.announce(rest);
      return refusal === undefined ? [] : [refusalText(refusal)];
    }
    case "reload":
      if (rest !== "") return ["Usage: reload"];
      context.reload();
      return [];
    case "stop":
      // Somebody who means to speak ("stop shouting") must not end the server.
      if (rest !== "") return ["Usage: stop"];
      context.stop();
      return [];
    case "help":
    case "?":
      return usage;
    default:
      return [`Unknown command: ${command}. Type 'help' for commands`];
  }
}

async function ban(rest: string, context: OperatorContext): Promise<readonly string[]> {
  const [address, more] = firstWord(rest);
  const key = parseAddressKey(address);
  const [minutes, afterMinutes] = firstWord(more);
  const timed = /^\d+$/.test(minutes);
  // Minutes that cannot be are no reason either: taken as one, they would ban for good.
  const impossible = timed && (Number(minutes) < 1 || Number(minutes) > maxBanMinutes);
  if (key === undefined || impossible) return [banUsage];
  const until = timed ? context.clock.now() + Number(minutes) * 60_000 : undefined;
  const entry = { address: key, until, reason: timed ? afterMinutes : more };
  const closed = context.server.hub.closeAddress(key, entry.reason || undefined);
  await context.server.gatekeeper.ban(entry);
  return [`${describeBan(entry)}; ${closed} ${closed === 1 ? "connection" : "connections"} ended`];
}

function describeBan(entry: {
  readonly address: string;
  readonly until: number | undefined;
  readonly reason: string;
}): string {
  const until = entry.until === undefined ? "for good" : `until ${new Date(entry.until).toISOString()}`;
  return `${entry.address} is banned ${until}${entry.reason === "" ? "" : ` (${entry.reason})`}`;
}

function firstWord(text: string): readonly [string, string] {
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/.exec(text) ?? [];
  return [word, rest];
}
