import { hostname } from "node:os";
import { join } from "node:path";
import { type ServerAddress, showServerAddress } from "../client/address.ts";
import {
  type Memory,
  readTrusted,
  readVisited,
  type Visited,
  writeTrusted,
  writeVisited,
} from "../client/screen/remembered.ts";
import type { Trust } from "../client/trust.ts";
import type { CommandContext } from "./context.ts";

/** What is kept of visits to one server, by the names under which one was there. */
export class Visits {
  readonly #path: string;
  readonly #address: string;
  #problem: string | undefined;

  constructor(path: string, server: ServerAddress) {
    this.#path = path;
    this.#address = showServerAddress(server);
  }

  recall(name: string): Visited | undefined {
    const wanted = this.#where(name).toLowerCase();
    return readVisited(this.#path).find(({ address }) => address.toLowerCase() === wanted);
  }

  remember(name: string, memory: Memory): void {
    this.#write(() => writeVisited(this.#path, { address: this.#where(name), ...memory }));
  }

  /** What is known of the server's TLS. */
  get trust(): Trust | undefined {
    return readTrusted(this.#path).find(({ server }) => server === this.#server)?.trust;
  }

  trustFromNowOn(trust: Trust): void {
    this.#write(() => writeTrusted(this.#path, { server: this.#server, trust }));
  }

  #write(write: () => void): void {
    try {
      write();
      this.#problem = undefined;
    } catch (error) {
      // Said at the end, since the terminal is the client's until then.
      this.#problem = error instanceof Error ? error.message : String(error);
    }
  }

  /** Host names are the same in any case. */
  get #server(): string {
    return this.#address.toLowerCase();
  }

  /** Says what could not be kept. */
  report(stderr: NodeJS.WriteStream): void {
    if (this.#problem !== undefined) stderr.write(`roomful: Cannot remember this server: ${this.#problem}\n`);
  }

  #where(name: string): string {
    return `${name}@${this.#address}`;
  }
}

/** What this machine is called among the devices of somebody with an account. */
export function deviceName(): string {
  return `roomful on ${hostname()}`;
}

/** The file of visits. */
export function visitsFile(context: CommandContext): string {
  return join(baseFolder(context, "XDG_STATE_HOME", ".local/state"), "servers.json");
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
export function baseFolder(
  { environment, homeFolder }: CommandContext,
  variable: string,
  fallback: string,
): string {
  const folder = environment[variable] ?? "";
  return join(folder === "" ? join(homeFolder, fallback) : folder, "roomful");
}
