import type { Casemapping } from "../chat/casemapping.ts";
import type { ChallengeKind } from "./acme/challenge.ts";
import type { GuessAllowance } from "./guess-limit.ts";
import type { CertificateFiles } from "./tls/certificate.ts";

/** So much free space of a disk: the less of a number of bytes and a share of its size (0 to 1). */
export interface DiskMark {
  readonly bytes: number;
  readonly share: number;
}

/** What a server is run with. The command line (`src/settings-table.ts`) makes it; limits have their defaults there. */
export interface Settings {
  /** `undefined`: all interfaces, IPv4 and IPv6. */
  readonly host: string | undefined;
  /** 0: any free port. */
  readonly port: number;
  readonly dataFolder: string;
  /** Where the web client was built to. */
  readonly webFolder: string;
  /** Threads that hold connections; 1: none but the hub's own. */
  readonly workers: number;
  /** A line, and the text of a message, without its end. */
  readonly maxLineBytes: number;
  /** The text of a message of several lines, which only IRC clients send. */
  readonly maxMultilineBytes: number;
  readonly maxLines: number;
  /** What one connection may send: so many at once, then so many a second. `undefined`: anything. */
  readonly flood: { readonly burst: number; readonly perSecond: number } | undefined;
  /** Connections from one address; an IPv6 /64 counts as one. */
  readonly addressLimit: number;
  /** What the server and its network are called on the IRC door. */
  readonly serverName: string;
  readonly networkName: string;
  /** How the names of people and rooms are told apart: the data folder has it, fixed when it was made. */
  readonly casemapping: Casemapping;
  /** What IRC clients must give with `PASS`; `undefined`: nothing. */
  readonly connectionPassword: string | undefined;
  /** The words to everybody who comes in by the IRC door, a line each; `undefined`: none. */
  readonly motd: readonly string[] | undefined;
  /** How to reach who runs the server, as `ADMIN` tells it. */
  readonly adminContact: string | undefined;
  /** Who may run the server from inside the chat; `undefined`: nobody. */
  readonly operator: { readonly name: string; readonly password: string } | undefined;
  /** From where passwords are taken over an unprotected connection. */
  readonly clearPasswords: "local" | "always";
  /** For how long IRC clients are told to come by TLS alone, in seconds; `undefined`: they are not told. */
  readonly stsSeconds: number | undefined;
  /** Whether one may make an account on the IRC door before coming in. */
  readonly registersBeforeConnect: boolean;
  readonly requiresEmail: boolean;
  readonly minPasswordCharacters: number;
  /** At once, and how many more may wait. */
  readonly passwordChecks: number;
  readonly passwordQueue: number;
  /** Wrong passwords for one account from one address, and from one address for all; `undefined`: any number. */
  readonly guesses: GuessAllowance | undefined;
  readonly addressGuesses: GuessAllowance | undefined;
  readonly promptMs: number;
  readonly detectionMs: number;
  readonly loginMs: number;
  readonly stallMs: number;
  readonly drainMs: number;
  readonly heartbeatMs: number;
  /** How long somebody stays whose connection is lost, where his client asks for that; 0: not at all. */
  readonly lingerMs: number;
  /** What may wait to be sent to one connection, before it is fed from the store instead. */
  readonly maxBacklogBytes: number;
  /** How many rooms there may be beside the lobby, and in how many somebody may be. */
  readonly maxRooms: number;
  readonly maxRoomsEach: number;
  /** Conversations with messages that wait for one person. */
  readonly maxWaiting: number;
  /** Of how many names somebody may be told when their people come and go. */
  readonly maxMonitored: number;
  /** How many somebody may ignore. */
  readonly maxIgnored: number;
  /** What may be said of somebody or of a room in keys and values, and to how many keys somebody may subscribe. */
  readonly metadataKeys: number;
  readonly metadataValueBytes: number;
  readonly metadataSubscriptions: number;
  /** How often one connection may change it; `undefined`: as often as it likes. */
  readonly metadataRate: { readonly burst: number; readonly perSecond: number } | undefined;
  /** An open room that nobody is in is closed after so long. */
  readonly keepEmptyRoomsMs: number;
  readonly joinHistory: number;
  readonly maxPageEvents: number;
  /** What one search shows, looks at and takes. */
  readonly searchHits: number;
  readonly searchRows: number;
  readonly searchMs: number;
  /** Searches that may wait for others. */
  readonly searchWaiting: number;
  /** Events of the room kept in memory. */
  readonly feedEvents: number;
  readonly pauseAbove: number;
  readonly refuseAboveEvents: number;
  readonly storeBusyMs: number;
  /** How much of each stream is kept; `Infinity`: all of it, and for ever. */
  readonly keepMessages: number;
  readonly keepMs: number;
  /** Below it the operator is warned; `undefined`: never. */
  readonly diskWarn: DiskMark | undefined;
  /** Below it messages are refused; `undefined`: when the disk is full. */
  readonly diskStop: DiskMark | undefined;
  /** `on`: spoken with who begins with it; `required`: nothing else is, but with this machine itself. */
  readonly tls: "on" | "off" | "required";
  /** `undefined`: a certificate of the data folder's own, made where it is missing. */
  readonly tlsFiles: CertificateFiles | undefined;
  /** Proxies that say for whom they connect (PROXY protocol); as `AddressList` takes them. */
  readonly proxyFrom: readonly string[];
  /** The names that an authority is asked to certify (RFC 8555), the subject first; none: nobody is asked. */
  readonly acmeDomains: readonly string[];
  /** Where the authority may write to; `undefined`: it is told none. */
  readonly acmeEmail: string | undefined;
  readonly acmeDirectory: string;
  readonly acmeChallenge: ChallengeKind;
  /** Names of this machine that a browser may use, beside IP addresses, localhost and the machine's own. */
  readonly allowedHosts: readonly string[];
  /** Who may ask for `/health` and `/metrics` beside this machine itself; as `AddressList` takes them. */
  readonly monitorFrom: readonly string[];
}

/** What a running server goes on with. Only what `live` marks in `src/cli/serve-options.ts` may differ from before. */
export interface NewSettings {
  readonly settings: Settings;
  readonly consoleShowsPrivate: boolean;
}
