import { join } from "node:path";
import type { Casemapping } from "../chat/casemapping.ts";
import { type DataFolder, databaseName, openDataFolder } from "../storage/data-folder.ts";
import type { Store } from "../storage/store.ts";
import { openSqliteStore } from "../storage/threads.ts";
import { AcmeFolder } from "./acme/acme-folder.ts";
import { CertificateKeeper } from "./acme/certificate-keeper.ts";
import { type Clock, systemClock } from "./clock.ts";
import { DiskWatch } from "./disk-watch.ts";
import { Feeds } from "./feeds.ts";
import { fixCasemapping } from "./fixed-casemapping.ts";
import { FrontThreads } from "./front-threads.ts";
import { FrontHere, type Fronts } from "./fronts.ts";
import { Gatekeeper } from "./gatekeeper.ts";
import { Hub } from "./hub.ts";
import type { Ask, Tell } from "./link.ts";
import { listenProblem } from "./listener.ts";
import type { Log } from "./log.ts";
import { type Inspection, Monitor } from "./monitor.ts";
import { Retention } from "./retention.ts";
import type { NewSettings, Settings } from "./settings.ts";
import { CertificateError } from "./tls/certificate.ts";
import { Certificates } from "./tls/certificates.ts";

/** Of each room beside the lobby so many of the last messages are in memory while somebody is in it. */
const roomFeedEvents = 200;

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
  /** Reads the configuration again, where an operator asks for it. */
  readonly reread?: () => void;
  /** How many lines of the log were not taken. */
  readonly droppedLines?: () => number;
  readonly clock?: Clock;
  /** Put between the two sides in tests: every batch passes through it. */
  readonly carry?: <T>(batch: T) => T;
}

/** A running server: the fronts with their port, the hub, and the store under them. */
export class RoomfulServer {
  readonly hub: Hub;
  readonly gatekeeper: Gatekeeper;
  /** The port it listens on. */
  readonly port: number;
  /** `undefined`: TLS is off. */
  readonly certificates: Certificates | undefined;
  readonly #fronts: Fronts;
  readonly #monitor: Monitor;
  readonly #store: Store;
  readonly #folder: DataFolder;
  readonly #disk: DiskWatch;
  readonly #retention: Retention;
  /** `undefined`: no authority is asked. */
  readonly #keeper: CertificateKeeper | undefined;
  readonly #log: Log;

  private constructor(parts: {
    readonly hub: Hub;
    readonly gatekeeper: Gatekeeper;
    readonly port: number;
    readonly certificates: Certificates | undefined;
    readonly fronts: Fronts;
    readonly monitor: Monitor;
    readonly store: Store;
    readonly folder: DataFolder;
    readonly disk: DiskWatch;
    readonly retention: Retention;
    readonly keeper: CertificateKeeper | undefined;
    readonly log: Log;
  }) {
    this.hub = parts.hub;
    this.gatekeeper = parts.gatekeeper;
    this.port = parts.port;
    this.certificates = parts.certificates;
    this.#fronts = parts.fronts;
    this.#monitor = parts.monitor;
    this.#store = parts.store;
    this.#folder = parts.folder;
    this.#disk = parts.disk;
    this.#retention = parts.retention;
    this.#keeper = parts.keeper;
    this.#log = parts.log;
  }

  /** Opens the data folder and the port. Throws `StartError` with nothing left open. */
  static async start(options: ServerOptions): Promise<RoomfulServer> {
    const { settings, log, onFault } = options;
    const clock = options.clock ?? systemClock;
    const carry = options.carry ?? ((batch) => batch);
    const folder = openDataFolder(settings.dataFolder);
    const closers: (() => void | Promise<void>)[] = [() => folder.release()];
    try {
      const databasePath = join(settings.dataFolder, databaseName);
      const store = await openSqliteStore(databasePath, {
        busyTimeoutMs: settings.storeBusyMs,
        onDeath: onFault,
      });
      closers.unshift(() => store.close());
      const casemapping = await fixCasemapping(store, settings.casemapping);
      if (casemapping !== settings.casemapping)
        throw new StartError(casemappingProblem(casemapping, settings));
      const gatekeeper = await Gatekeeper.open(store, settings.addressLimit);
      const disk = await DiskWatch.open({ settings, clock, log });
      closers.unshift(() => disk.close());
      const certificates =
        settings.tls === "off"
          ? undefined
          : await Certificates.open(settings, {
              now: new Date(clock.now()),
              replaced: (certificate) => fronts.certify(certificate),
            });
      const frontsOptions = {
        settings,
        consoleShowsPrivate: options.consoleShowsPrivate,
        certificate: certificates?.present,
        ask: (asks: readonly Ask[]) => hub.receive(carry(asks)),
        inspect: async (what: Inspection) => carry(await monitor.answer(what)),
        notAccepted: (error: Error) =>
          log({ kind: "warning", text: `Cannot accept a connection: ${error.message}` }),
      };
      const fronts: Fronts =
        settings.workers > 1
          ? new FrontThreads({ ...frontsOptions, onFault })
          : new FrontHere({ ...frontsOptions, clock });
      closers.unshift(() => fronts.abandon());
      const deliver = (tells: readonly Tell[]): void => fronts.deliver(carry(tells));
      const feeds = await Feeds.open(store, { lobby: settings.feedEvents, each: roomFeedEvents });
      const { reread = () => undefined } = options;
      const hub = await Hub.open({ store, feeds, clock, settings, gatekeeper, disk, log, deliver, reread });
      const { droppedLines = () => 0 } = options;
      const monitor = new Monitor({ hub, fronts, databasePath, droppedLines });
      const listening = await fronts.listen();
      if ("code" in listening) throw new StartError(listenProblem(listening.code, settings));
      const retention = Retention.start({ store, feeds, settings, clock, log });
      const keeper =
        certificates === undefined || settings.acmeDomains.length === 0
          ? undefined
          : CertificateKeeper.start({
              settings,
              folder: new AcmeFolder(settings.dataFolder),
              clock,
              log,
              publish: (answers) => fronts.challenge(carry(answers)),
              replace: (certificate) => certificates.replace(certificate),
            });
      return new RoomfulServer({
        hub,
        gatekeeper,
        port: listening.port,
        certificates,
        fronts,
        monitor,
        store,
        folder,
        disk,
        retention,
        keeper,
        log,
      });
    } catch (error) {
      for (const close of closers) await close();
      throw error;
    }
  }

  /** Goes on with other settings, and with what the files of the certificate hold now. */
  change(next: NewSettings): void {
    this.#recertify(next.settings);
    this.gatekeeper.limit = next.settings.addressLimit;
    this.hub.change(next.settings);
    this.#fronts.change(next);
  }

  /** Reads the certificate again, for new connections; tells the operator what came of it. */
  #recertify(settings: Settings): void {
    try {
      if (this.certificates?.reread(settings) !== true) return;
      const { fingerprint } = this.certificates;
      this.#log({
        kind: "info",
        text: `New connections are shown another certificate: SHA-256 ${fingerprint}`,
      });
    } catch (error) {
      if (!(error instanceof CertificateError)) throw error;
      this.#log({ kind: "warning", text: `The certificate stays as it is: ${error.message}` });
    }
  }

  /** Says good-bye, stores what was accepted, and closes everything. */
  async stop(): Promise<void> {
    this.#monitor.stopping();
    await this.#keeper?.stop();
    await this.#fronts.quiesce();
    await this.hub.drained();
    await this.#fronts.stop();
    await this.hub.drained();
    this.#disk.close();
    await this.#retention.stop();
    await this.#store.close();
    this.#folder.release();
  }
}

function casemappingProblem(casemapping: Casemapping, settings: Settings): string {
  const made = `the data folder ${JSON.stringify(settings.dataFolder)} was made with ${casemapping}, and keeps that`;
  return `Cannot use --casemapping: "${settings.casemapping}" is another one, ${made}`;
}
