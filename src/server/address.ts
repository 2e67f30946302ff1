import { isIPv4, isIPv6 } from "node:net";

/** Where a connection comes from. An IPv4 address that came in over an IPv6 socket is written as IPv4. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

const mapped = "::ffff:";

/** The address as the console shows it: `192.168.1.101:54321`, `[2001:db8::1]:54321`. */
export function showAddress(address: Address): string {
  return isIPv6(address.host) ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

export function plainHost(host: string): string {
  return host.startsWith(mapped) && isIPv4(host.slice(mapped.length)) ? host.slice(mapped.length) : host;
}

/**
 * What counts as one address: an IPv4 address, or the /64 of an IPv6 address, since a household or a
 * machine is given at least that much and could otherwise count as 2^64 visitors.
 */
export function addressKey(host: string): string {
  const plain = plainHost(host);
  const [unscoped = plain] = plain.split("%");
  if (!isIPv6(unscoped)) return plain;
  return `${groupsOf(unscoped).slice(0, 4).join(":")}::/64`;
}

/** What `text` names for a ban: an address, or an IPv6 /64; `undefined` where it is neither. */
export function parseAddressKey(text: string): string | undefined {
  const host = text.endsWith("/64") ? text.slice(0, -3) : text;
  if (isIPv4(plainHost(host)) || isIPv6(host)) return addressKey(host);
  return undefined;
}

/** The eight groups of an IPv6 address, without leading zeros. */
function groupsOf(host: string): readonly string[] {
  const dotted = host.lastIndexOf(".") === -1 ? host : withoutDots(host);
  const [head = "", tail] = dotted.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...(tail === undefined ? [] : zeros), ...after].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}

/** An IPv6 address that ends in dotted decimal (`64:ff9b::192.0.2.1`) with the last part in two groups. */
function withoutDots(host: string): string {
  const at = host.lastIndexOf(":") + 1;
  const [a = 0, b = 0, c = 0, d = 0] = host.slice(at).split(".").map(Number);
  return `${host.slice(0, at)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}
