import { createServer, type Server as NetServer } from "node:net";
import { join } from "node:path";
import { type DataFolder, databaseName, openDataFolder } from "../storage/data-folder.ts";
import type { Store } from "../storage/store.ts";
import { openSqliteStore } from "../storage/threads.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Front } from "./front.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Hub } from "./hub.ts";
import type { Tell } from "./link.ts";
import type { Log } from "./log.ts";
import type { Settings } from "./settings.ts";

/** A server could not start; the message is a sentence that names the option to change. */
class StartError extends Error {
  override readonly name = "StartError";
}

export interface ServerOptions {
  readonly settings: Settings;
  readonly log: Log;
  /** Whether private messages are shown on the console, which people are told by `/help`. */
  readonly consoleShowsPrivate: boolean;
  /** Something failed that the server cannot go on without. */
  readonly onFault: (error: Error) => void;
  readonly clock?: Clock;
  /** Put between the two sides in tests: every batch passes through it. */
  readonly carry?: <T>(batch: T) => T;
}

/** A running server: the front with its port, the hub, and the store under them. */
export class RoomfulServer {
  readonly hub: Hub;
  readonly gatekeeper: Gatekeeper;
  readonly #front: Front;
  readonly #listener: NetServer;
  readonly #store: Store;
  readonly #folder: DataFolder;

  private constructor(parts: {
    readonly hub: Hub;
    readonly gatekeeper: Gatekeeper;
    readonly front: Front;
    readonly listener: NetServer;
    readonly store: Store;
    readonly folder: DataFolder;
  }) {
    this.hub = parts.hub;
    this.gatekeeper = parts.gatekeeper;
    this.#front = parts.front;
    this.#listener = parts.listener;
    this.#store = parts.store;
    this.#folder = parts.folder;
  }

  /** Opens the data folder and the port. Throws `StartError` with nothing left open. */
  static async start(options: ServerOptions): Promise<RoomfulServer> {
    const { settings, log, onFault } = options;
    const clock = options.clock ?? systemClock;
    const carry = options.carry ?? ((batch) => batch);
    const folder = openDataFolder(settings.dataFolder);
    const closers: (() => void | Promise<void>)[] = [() => folder.release()];
    try {
      const store = await openSqliteStore(join(settings.dataFolder, databaseName), {
        busyTimeoutMs: settings.storeBusyMs,
        onDeath: onFault,
      });
      closers.unshift(() => store.close());
      const gatekeeper = await Gatekeeper.open(store, settings.addressLimit);
      const front = new Front({
        settings,
        clock,
        consoleShowsPrivate: options.consoleShowsPrivate,
        ask: (asks) => hub.receive(carry(asks)),
      });
      const deliver = (tells: readonly Tell[]): void => front.deliver(carry(tells));
      const hub = await Hub.open({ store, clock, settings, gatekeeper, log, deliver });
      const listener = createServer({
        allowHalfOpen: true,
        noDelay: true,
        keepAlive: true,
        keepAliveInitialDelay: keepAliveMs,
      });
      listener.on("connection", (socket) => front.accept(socket));
      await listen(listener, settings);
      listener.on("error", (error) =>
        log({ kind: "warning", text: `Cannot accept a connection: ${error.message}` }),
      );
      return new RoomfulServer({ hub, gatekeeper, front, listener, store, folder });
    } catch (error) {
      for (const close of closers) await close();
      throw error;
    }
  }

  /** The port it listens on. */
  get port(): number {
    const address = this.#listener.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Says good-bye, stores what was accepted, and closes everything. */
  async stop(): Promise<void> {
    this.#listener.close();
    this.#front.quiesce();
    await this.hub.drained();
    await this.#front.stop();
    await this.hub.drained();
    await this.#store.close();
    this.#folder.release();
  }
}

const keepAliveMs = 60_000;
const backlogConnections = 4096;

async function listen(listener: NetServer, settings: Settings): Promise<void> {
  const hosts = settings.host === undefined ? ["::", "0.0.0.0"] : [settings.host];
  for (const host of hosts) {
    const code = await tryListen(listener, host, settings.port);
    if (code === undefined) return;
    // A machine without IPv6 has no `::`.
    if (host === "::" && (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL")) continue;
    throw new StartError(listenProblem(code, settings));
  }
}

/** The code of the error, or `undefined` where it listens. */
function tryListen(listener: NetServer, host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    listener.once("error", failed);
    listener.listen({ host, port, backlog: backlogConnections }, () => {
      listener.off("error", failed);
      resolve(undefined);
    });
  });
}

function listenProblem(code: string, settings: Settings): string {
  const { host, port } = settings;
  switch (code) {
    case "EADDRINUSE":
      return `Cannot listen on --port: ${port} is in use by another program; choose another, or end that one`;
    case "EACCES":
      return `Cannot listen on --port: ${port} needs more rights than this user has (try one above 1023)`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `Cannot listen on --host: "${host}" is no address of this machine`;
    default:
      return `Cannot listen on --host "${host ?? "all interfaces"}" and --port ${port}: ${code}`;
  }
}
