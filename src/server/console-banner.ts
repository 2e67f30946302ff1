import { isIPv6 } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

const rule = "=".repeat(60);

/** What the console says first: the server's address and port, and how to come in by each door. */
export function banner(options: {
  readonly port: number;
  /** `undefined`: all interfaces. */
  readonly host: string | undefined;
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
  /** The certificate's; `undefined`: TLS is off. */
  readonly fingerprint: string | undefined;
}): string {
  const { port } = options;
  const { host } = options;
  const everywhere = host === undefined || host === "0.0.0.0" || host === "::";
  const address = everywhere ? ownAddress(options.interfaces) : host;
  const url = isIPv6(address) ? `[${address}]` : address;
  return [
    rule,
    `${" ".repeat(14)}MULTI-CLIENT CHAT SERVER`,
    rule,
    `Server IP: ${address}`,
    `Port: ${port}`,
    "Status: Listening for connections...",
    rule,
    "Come in from anywhere on this network:",
    `  browser      http://${url}:${port}/`,
    `  netcat       nc ${address} ${port}`,
    `  our client   npm run join -- NAME@${url}:${port}`,
    `  IRC          server ${address}, port ${port}, room #lobby (docs/using.md)`,
    `  programs     ws://${url}:${port}/chat (docs/websocket.md)`,
    ...(options.fingerprint === undefined ? [] : tlsLines(options.fingerprint)),
    "",
    "",
  ].join("\n");
}

/** The fingerprint in two lines, since in one it is longer than a terminal is wide. */
function tlsLines(fingerprint: string): readonly string[] {
  const half = Math.ceil(fingerprint.length / 2);
  return [
    "TLS is spoken on the same port. The certificate's SHA-256 fingerprint:",
    `  ${fingerprint.slice(0, half)}`,
    `  ${fingerprint.slice(half)}`,
  ];
}

/** The first IPv4 address that others can reach, or the loopback where there is none. */
function ownAddress(
  interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>,
): string {
  const all = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  return all.find((address) => address.family === "IPv4" && !address.internal)?.address ?? "127.0.0.1";
}
