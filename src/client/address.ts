/** Where to go and, if it was said, under which name. */
export interface ServerAddress {
  readonly name: string | undefined;
  /** A host name or an address; an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number;
}

/** A text that is no address to join; the message is for people. */
class AddressError extends Error {
  override readonly name = "AddressError";
}

const defaultPort = 5173;

const wanted = "[NAME@]HOST[:PORT]";

/**
 * Reads `[NAME@]HOST[:PORT]`, an IPv6 address in brackets. The name is everything before the last `@`, since
 * no host has one in it; whether it can be a name is the server's to say.
 *
 * @throws AddressError whose message is for people.
 */
export function parseServerAddress(text: string): ServerAddress {
  const at = text.lastIndexOf("@");
  const name = at === -1 ? undefined : text.slice(0, at);
  if (name === "") throw new AddressError(`Cannot join "${text}": there is no name before the @ (${wanted})`);
  return { name, ...parseHostAndPort(text, text.slice(at + 1)) };
}

/** `HOST:PORT` as people write it and URLs want it: an IPv6 address in brackets. */
export function showServerAddress(address: { readonly host: string; readonly port: number }): string {
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

function parseHostAndPort(text: string, rest: string): { host: string; port: number } {
  const bracketed = /^\[([0-9A-Fa-f:.]+(?:%[A-Za-z0-9._~-]+)?)\](?::(.*))?$/.exec(rest);
  if (bracketed?.[1] !== undefined) return { host: bracketed[1], port: parsePort(text, bracketed[2]) };
  const [host = "", port, ...more] = rest.split(":");
  if (more.length > 0) {
    throw new AddressError(`Cannot join "${text}": an IPv6 address goes in brackets ([::1]:${defaultPort})`);
  }
  if (host === "") throw new AddressError(`Cannot join "${text}": there is no host in it (${wanted})`);
  if (/[\s/?#[\]\\]/.test(host))
    throw new AddressError(`Cannot join "${text}": "${host}" is not a host (${wanted})`);
  return { host, port: parsePort(text, port) };
}

function parsePort(text: string, port: string | undefined): number {
  if (port === undefined) return defaultPort;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65535) {
    throw new AddressError(`Cannot join "${text}": "${port}" is not a port (1 to 65535)`);
  }
  return number;
}
