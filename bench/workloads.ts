import * as figures from "./figures.ts";
import type { Capabilities } from "./load/capabilities.ts";
import { openFileLimit } from "./proc.ts";
import {
  type Contender,
  hasInspircd,
  inspircd,
  ircPeers,
  linePeers,
  roomfulIrc,
  roomfulLine,
  roomfulWebsocket,
  websocketPeers,
} from "./servers/contenders.ts";

export const workloadNames = [
  "flood",
  "paced",
  "irc",
  "websocket",
  "login",
  "join",
  "idle",
  "quiet",
] as const;
export type WorkloadName = (typeof workloadNames)[number];

/** How long and how large a benchmark is. */
export interface Extent {
  readonly readers: readonly number[];
  readonly floodSeconds: number;
  readonly pacedSeconds: number;
  readonly pacedReaders: number;
  readonly idleConnections: number;
  readonly logins: number;
  readonly joins: number;
  /** irc: each of those who join is told to each. */
  readonly ircJoins: number;
  readonly quietMessages: number;
  /** Messages in the store that a start finds. */
  readonly rows: number;
}

/** Some files and sockets are not connections. */
const otherFiles = 100;
const maxConnections = openFileLimit() - otherFiles;

export const fullExtent: Extent = {
  readers: [100, 1000, 5000].filter((readers) => readers <= maxConnections),
  floodSeconds: 3,
  pacedSeconds: 5,
  pacedReaders: 1000,
  idleConnections: Math.min(10_000, maxConnections),
  logins: Math.min(10_000, maxConnections),
  joins: Math.min(5000, maxConnections),
  ircJoins: 1000,
  quietMessages: 500,
  rows: 1_000_000,
};
export const quickExtent: Extent = {
  readers: [100, 500],
  floodSeconds: 1,
  pacedSeconds: 1,
  pacedReaders: 500,
  idleConnections: 1000,
  logins: 500,
  joins: 500,
  ircJoins: 200,
  quietMessages: 100,
  rows: 50_000,
};

/** One load that Roomful and its peers get in turn. */
export interface Workload {
  readonly title: string;
  readonly roomful: Contender;
  readonly peers: readonly Contender[];
  /** What the load program is given. */
  readonly args: readonly string[];
  readonly figures: readonly figures.Figure[];
}

type Load = Pick<Workload, "title" | "args" | "figures">;

const onlyInspircd: readonly Contender[] = hasInspircd ? [inspircd] : [];
const quietReaders = 10;
const quietRate = 100;
const rates = [100, 1000] as const;

export function workloadsOf(name: WorkloadName, extent: Extent): readonly Workload[] {
  const { pacedReaders, logins, joins, idleConnections } = extent;
  const byLine = { roomful: roomfulLine, peers: linePeers };
  switch (name) {
    case "flood":
      return extent.readers.map((readers) => ({ ...byLine, ...flood(readers, extent) }));
    case "paced":
      return rates.map((rate) => ({
        ...byLine,
        // A server that writes each message by itself does not keep up with a million deliveries a second.
        peers: rate === rates[0] ? linePeers : onlyInspircd,
        ...paced(rate, extent),
      }));
    case "irc":
      return ircWorkloads(extent);
    case "websocket": {
      const loads = [flood(pacedReaders, extent), paced(rates[0], extent), idle(idleConnections)];
      return loads.map((load) => ({ roomful: roomfulWebsocket, peers: websocketPeers, ...load }));
    }
    case "login":
      return [{ ...byLine, ...login(logins) }];
    case "join":
      return [
        {
          roomful: roomfulLine,
          // The naive server has nothing to tell about those who come.
          peers: onlyInspircd,
          ...join(joins),
        },
      ];
    case "idle":
      return [{ ...byLine, ...idle(idleConnections) }];
    case "quiet":
      return [
        {
          ...byLine,
          title: `quiet: 10 ms between messages, until the last of ${quietReaders} readers has it`,
          args: loadArgs({
            mode: "quiet",
            // The one who speaks is a reader too.
            readers: quietReaders + 1,
            senders: 1,
            rate: quietRate,
            seconds: extent.quietMessages / quietRate,
          }),
          figures: [figures.p50, figures.p99, figures.syncP99, figures.p99PerSync],
        },
      ];
  }
}

/** Whoever reads by the IRC door, beside InspIRCd and the line door. */
function ircWorkloads(extent: Extent): readonly Workload[] {
  const { readers, pacedReaders, logins, ircJoins, idleConnections } = extent;
  const all = { roomful: roomfulIrc, peers: ircPeers };
  // At the line door one is in a room as soon as one is in.
  const rooms = { ...all, peers: ircPeers.filter(({ door }) => door === "irc") };
  const asked: Readonly<Record<Capabilities, string>> = {
    none: "",
    modern: ", a modern client's capabilities",
    mixed: ", six kinds of clients",
  };
  const asking = (capabilities: Capabilities, load: Load): Workload => ({
    ...all,
    ...load,
    title: load.title + asked[capabilities],
    args: [...load.args, ...loadArgs({ capabilities })],
  });
  const everybody = flood(pacedReaders, extent, { senders: pacedReaders, window: 1 });
  return [
    ...readers.map((count) => asking("none", flood(count, extent))),
    ...readers.map((count) => asking("modern", flood(count, extent))),
    ...readers.map((count) => asking("mixed", flood(count, extent))),
    asking("none", everybody),
    asking("mixed", everybody),
    ...rates.map((rate) => asking("none", paced(rate, extent))),
    asking("mixed", paced(rates[1], extent)),
    { ...all, ...login(logins) },
    { ...rooms, ...join(ircJoins) },
    { ...rooms, ...churn(ircJoins) },
    { ...all, ...idle(idleConnections) },
  ];
}

function flood(readers: number, extent: Extent, everybody?: { senders: number; window: number }): Load {
  return {
    title: `flood, ${readers} readers${everybody === undefined ? "" : " who all speak"}`,
    args: loadArgs({ mode: "flood", readers, seconds: extent.floodSeconds, ...everybody }),
    figures: [figures.cpuPerDelivery, figures.deliveriesPerSecond, figures.loadShare],
  };
}

function paced(rate: number, extent: Extent): Load {
  const { pacedReaders: readers, pacedSeconds: seconds } = extent;
  return {
    title: `${rate} messages/s to ${readers} readers`,
    args: loadArgs({ mode: "paced", readers, rate, seconds }),
    figures: [figures.cpuPerDelivery, figures.p50, figures.p99, figures.loadShare],
  };
}

function login(logins: number): Load {
  return {
    title: `${logins} come in at once`,
    args: loadArgs({ mode: "login", readers: logins }),
    figures: [figures.allInSeconds, figures.cpuPerLogin(logins)],
  };
}

function join(joins: number): Load {
  return {
    title: `${joins} join a room at once`,
    args: loadArgs({ mode: "join", readers: joins }),
    figures: [figures.allInSeconds, figures.allToldSeconds, figures.cpuPerLogin(joins)],
  };
}

function churn(joiners: number): Load {
  return {
    title: `${joiners} come into a room of ${joiners} and go`,
    args: loadArgs({ mode: "churn", readers: joiners, joiners }),
    figures: [figures.cpuPerJoiner(joiners), figures.cpuPerLeaver(joiners)],
  };
}

function idle(connections: number): Load {
  return {
    title: `${connections} idle connections`,
    args: loadArgs({ mode: "idle", readers: connections, seconds: 2 }),
    figures: [figures.bytesPerConnection, figures.kernelBytesPerConnection, figures.idleCpu],
  };
}

/** The load program's options: `--name value` each. */
export function loadArgs(options: Readonly<Record<string, string | number>>): readonly string[] {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}
