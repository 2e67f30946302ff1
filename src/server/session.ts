import type { SessionId } from "../chat/roster.ts";
import type { Account } from "./accounts.ts";
import type { Address } from "./address.ts";
import type { Timer } from "./clock.ts";
import type { Bearer } from "./ids.ts";
import type { Ask, Door } from "./link.ts";
import type { Retries } from "./retries.ts";

/** What the hub knows of a connection. */
export interface Session {
  readonly id: SessionId;
  readonly address: Address;
  readonly isLocal: boolean;
  /** Under TLS: the fingerprint (SHA-256, in hexadecimal) of the certificate that the client showed, where it showed one. */
  security: { readonly certificate: string | undefined } | undefined;
  /** By which door its person came in. */
  door: Door;
  /** Whose resume token it came with, or was given. */
  bearer: Bearer | undefined;
  /** Which client it is, of those that one device may have: a client has one connection, and counts its sends. */
  client: string;
  /** Whether its person stays for a while where the connection is lost. */
  lingers: boolean;
  /** The connection is lost, and it leaves when this runs out. */
  lingering: Timer | undefined;
  /** Whose account was proved. */
  account: Account | undefined;
  /** The device that it comes from, where it is one of an account, and the token that keeps it signed in. */
  device: string | undefined;
  token: string | undefined;
  /** The highest counter that its client has used. */
  lastCounter: number;
  /** Sends that may have been stored before; made with the first of them. */
  retries: Retries | undefined;
  /** What it asked while something that it asked before has to be waited for. */
  later: Ask[] | undefined;
  /** What it said to part. */
  partingWords: string | undefined;
  /** What it asked that the store has not answered yet. */
  unanswered: number;
  /** It has said all it had to say, and leaves when it is answered. */
  finished: boolean;
  gone: boolean;
}
