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
  /** Threads that hold connections; 1: none but the hub's own. */
  readonly workers: number;
  /** A line, and the text of a message, without its end. */
  readonly maxLineBytes: number;
  /** What one connection may send: so many at once, then so many a second. `undefined`: anything. */
  readonly flood: { readonly burst: number; readonly perSecond: number } | undefined;
  /** Connections from one address; an IPv6 /64 counts as one. */
  readonly addressLimit: number;
  readonly promptMs: number;
  readonly detectionMs: number;
  readonly loginMs: number;
  readonly stallMs: number;
  readonly drainMs: number;
  readonly heartbeatMs: number;
  /** What may wait to be sent to one connection, before it is fed from the store instead. */
  readonly maxBacklogBytes: number;
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
