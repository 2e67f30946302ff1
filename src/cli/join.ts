import { readFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { parseServerAddress } from "../client/address.ts";
import type { ScreenSettings } from "../client/screen/settings.ts";
import { chooseServer } from "./choose-server.ts";
import type { CommandContext } from "./context.ts";
import { keepHeapSmall } from "./heap.ts";
import { UsageError } from "./options.ts";
import { ServerTrust, type TrustOptions } from "./server-trust.ts";
import { baseFolder, deviceName, Visits, visitsFile } from "./visits.ts";

const joinHelp = `Usage: roomful join [options] [[NAME@]HOST[:PORT]]

Chats in this terminal, on all of its screen. Without a NAME it is asked for; PORT is 5173 where it is not given.
Without an address it offers the servers that were visited before, and those of the settings. ? lists the keys.

  --plain               line by line, as also on a dumb terminal (TERM=dumb)
  --accept-certificate  take another certificate than before, and remember that one
  --insecure            go on in clear text with a server that spoke TLS before

With its input from a pipe it sends each line, waits until all are stored, and ends. Settings, theme and servers
are in $XDG_CONFIG_HOME/roomful/client.toml (~/.config/roomful/client.toml); docs/using.md says which there are.
NO_COLOR leaves colours out.
`;

const flags: readonly string[] = ["--plain", "--accept-certificate", "--insecure"];

/** Runs the terminal client until its person leaves. Resolves to the exit code. */
export async function join(args: readonly string[], context: CommandContext): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    context.stdout.write(joinHelp);
    return 0;
  }
  const addresses = args.filter((arg) => !flags.includes(arg));
  const [address, ...more] = addresses;
  const trust = {
    acceptsCertificate: args.includes("--accept-certificate"),
    acceptsClear: args.includes("--insecure"),
  };
  const isTerminal = context.stdin.isTTY && context.stdout.isTTY;
  if (more.length > 0 || address?.startsWith("-") === true || (address === undefined && !isTerminal)) {
    throw new UsageError("Cannot join: one address is wanted, as in roomful join Alice@192.168.1.100:5173");
  }
  keepHeapSmall();
  const wantsScreen = !args.includes("--plain") && isTerminal && context.environment["TERM"] !== "dumb";
  const how = { given: address, trust };
  return wantsScreen ? await joinOnScreen(how, context) : await joinPlain(how, context);
}

interface How {
  readonly given: string | undefined;
  readonly trust: TrustOptions;
}

async function joinPlain(how: How, context: CommandContext): Promise<number> {
  const address = how.given ?? (await chosen(context));
  if (address === undefined) return 0;
  const { runPlainClient } = await import("../client/plain.ts");
  const { coloursOf } = await import("../client/sgr.ts");
  const isPlainest = !context.stdout.isTTY || context.environment["TERM"] === "dumb";
  const background = isPlainest ? "dark" : (await readSettings(context)).background;
  const server = parseServerAddress(address);
  const visits = new Visits(visitsFile(context), server);
  const trust = new ServerTrust(server, visits, how.trust);
  const exitCode = await runPlainClient({
    input: context.stdin,
    output: context.stdout,
    ...server,
    tls: trust.means,
    device: deviceName(),
    tokenOf: (name) => {
      const visit = visits.recall(name);
      // With a guest's one would take the place of a window that is open elsewhere.
      return visit?.isAccount === true ? visit.token : undefined;
    },
    keepToken: (name, token) => {
      visits.remember(name, { seen: visits.recall(name)?.seen, token, isAccount: true });
    },
    terminal: context.environment["TERM"] !== "dumb",
    looks: {
      colours: coloursOf(context.environment),
      background: background === "light" ? "light" : "dark",
    },
    signal: leavingSignal(context),
  });
  trust.report(context.stderr);
  visits.report(context.stderr);
  return exitCode;
}

async function joinOnScreen(how: How, context: CommandContext): Promise<number> {
  const { runScreenClient } = await import("../client/screen/screen-client.ts");
  const { coloursOf } = await import("../client/sgr.ts");
  const settings = await readSettings(context);
  const address = how.given ?? (await chosen(context));
  if (address === undefined) return 0;
  const server = parseServerAddress(address);
  const visits = new Visits(visitsFile(context), server);
  const trust = new ServerTrust(server, visits, how.trust);
  let restore = (): void => undefined;
  context.onFault((error) => {
    restore();
    context.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    context.exit(1);
  });
  const exitCode = await runScreenClient({
    input: context.stdin,
    output: context.stdout,
    ...server,
    tls: trust.means,
    settings,
    colours: coloursOf(context.environment),
    signal: leavingSignal(context),
    device: deviceName(),
    recall: (name) => visits.recall(name),
    remember: (name, memory) => visits.remember(name, memory),
    suspend: (terminal) => context.suspendable(terminal),
    onRestore: (action) => {
      restore = action;
    },
  });
  trust.report(context.stderr);
  visits.report(context.stderr);
  return exitCode;
}

function leavingSignal(context: CommandContext): AbortSignal {
  const leaving = new AbortController();
  context.onSignal(() => leaving.abort());
  return leaving.signal;
}

/** One of the servers that are known, those of the settings first. */
async function chosen(context: CommandContext): Promise<string | undefined> {
  const { servers } = await readSettings(context);
  const { readVisited } = await import("../client/screen/remembered.ts");
  const known = new Set(servers.map(({ address }) => address));
  const visited = readVisited(visitsFile(context))
    .filter(({ address }) => !known.has(address))
    .map(({ address }) => ({ address, label: undefined }));
  const offers = [...servers, ...visited];
  if (offers.length > 0) return chooseServer(offers, context);
  throw new UsageError(
    "Cannot join: no server is known yet, so one address is wanted, as in roomful join Alice@192.168.1.100:5173",
  );
}

async function readSettings(context: CommandContext): Promise<ScreenSettings> {
  const { defaultSettings, parseSettings } = await import("../client/screen/settings.ts");
  const path = joinPath(baseFolder(context, "XDG_CONFIG_HOME", ".config"), "client.toml");
  try {
    return parseSettings(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return defaultSettings;
    throw error;
  }
}
