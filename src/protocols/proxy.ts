/**
 * The header by which a proxy says for whom it connects, before everything else:
 * https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, section 2 (a line in version 1, bytes in version 2).
 */
export type ProxyHeader =
  /** More has to come in. */
  | { readonly kind: "incomplete" }
  /** `problem` continues "a PROXY header …". */
  | { readonly kind: "malformed"; readonly problem: string }
  | {
      readonly kind: "whole";
      /** How long it was; what follows belongs to the connection. */
      readonly bytes: number;
      /** Who connected to the proxy; `undefined` where the proxy speaks for itself, or does not say. */
      readonly source: { readonly host: string; readonly port: number } | undefined;
      /** Whether that connection was under TLS. */
      readonly isSecure: boolean;
    };

export const proxySignature: Buffer = Buffer.from("\r\n\r\n\0\r\nQUIT\n", "latin1");

const fixedBytes = 16;
/** Addresses take 216 at most; the rest is for what a proxy adds, such as a name or a certificate. */
const maxRestBytes = 4096;
const version = 0x2;
const commands = { local: 0x0, proxy: 0x1 } as const;
/** How long the addresses of each family are: none said, IPv4, IPv6, Unix. */
const addressBytes: readonly (number | undefined)[] = [0, 12, 36, 216];
const families = { ipv4: 0x1, ipv6: 0x2 } as const;
const stream = 0x1;
const maxTransport = 0x2;
const sslType = 0x20;
const overSsl = 0x01;
const typeAndLengthBytes = 3;

const textBeginning = "PROXY ";
/** With its end; the specification's. */
const maxTextBytes = 107;
const textHeader = /^PROXY (?:UNKNOWN(?: .*)?|(?:TCP4 ([\d.]+)|TCP6 ([\da-fA-F:.]+)) \S+ (\d{1,5}) \d{1,5})$/;
const maxPort = 65_535;

/** Reads the header at the beginning of what was received so far. It does not matter how the bytes were cut. */
export function readProxyHeader(received: Buffer): ProxyHeader {
  const text = received.toString("latin1", 0, maxTextBytes);
  return isBegunAs(text, textBeginning) ? readText(text) : readBytes(received);
}

function isBegunAs(text: string, beginning: string): boolean {
  return text !== "" && (text.startsWith(beginning) || beginning.startsWith(text));
}

function readText(text: string): ProxyHeader {
  const end = text.indexOf("\r\n");
  if (end === -1) {
    return text.length < maxTextBytes
      ? { kind: "incomplete" }
      : malformed(`whose line has no end within ${maxTextBytes} bytes`);
  }
  const line = text.slice(0, end);
  const [whole, ipv4, ipv6, port = ""] = textHeader.exec(line) ?? [];
  const host = ipv4 === undefined ? ipv6 && addressOf(`[${ipv6}]`) : addressOf(ipv4);
  const isNamed = ipv4 !== undefined || ipv6 !== undefined;
  if (whole === undefined || (isNamed && (host === undefined || Number(port) > maxPort))) {
    return malformed("that cannot be read");
  }
  const source = host === undefined ? undefined : { host, port: Number(port) };
  return { kind: "whole", bytes: end + 2, source, isSecure: false };
}

/** As the system writes it; `undefined` where it is none. */
function addressOf(text: string): string | undefined {
  if (!URL.canParse(`http://${text}`)) return undefined;
  const { hostname } = new URL(`http://${text}`);
  if (text.startsWith("[")) return hostname.slice(1, -1);
  // A URL takes other forms of IPv4 as well.
  return hostname === text ? hostname : undefined;
}

function readBytes(received: Buffer): ProxyHeader {
  const known = Math.min(received.length, proxySignature.length);
  if (!received.subarray(0, known).equals(proxySignature.subarray(0, known))) {
    return malformed("was expected and did not come");
  }
  if (received.length < fixedBytes) return { kind: "incomplete" };
  const [versionAndCommand = 0, familyAndTransport = 0] = received.subarray(proxySignature.length);
  const command = versionAndCommand & 0xf;
  if (versionAndCommand >> 4 !== version || (command !== commands.local && command !== commands.proxy)) {
    return malformed(`of an unknown version and command (0x${hex(versionAndCommand)})`);
  }
  const restBytes = received.readUInt16BE(fixedBytes - 2);
  if (restBytes > maxRestBytes) return malformed(`of ${restBytes} bytes (at most ${maxRestBytes})`);
  const bytes = fixedBytes + restBytes;
  if (received.length < bytes) return { kind: "incomplete" };
  // What a proxy says of itself is not looked at.
  if (command === commands.local) return { kind: "whole", bytes, source: undefined, isSecure: false };
  const family = familyAndTransport >> 4;
  const transport = familyAndTransport & 0xf;
  const ofAddresses = addressBytes[family];
  if (ofAddresses === undefined || transport > maxTransport) {
    return malformed(`of an unknown family and transport (0x${hex(familyAndTransport)})`);
  }
  if (restBytes < ofAddresses) return malformed("that is too short for its addresses");
  const rest = received.subarray(fixedBytes, bytes);
  // Where the family is not said, nothing says where additions would begin.
  const isSecure = family === 0 ? false : wasSecure(rest.subarray(ofAddresses));
  if (isSecure === undefined) return malformed("with additions that are cut short");
  return {
    kind: "whole",
    bytes,
    source: transport === stream ? sourceOf(family, rest) : undefined,
    isSecure,
  };
}

function sourceOf(
  family: number,
  rest: Buffer,
): { readonly host: string; readonly port: number } | undefined {
  switch (family) {
    case families.ipv4:
      return { host: rest.subarray(0, 4).join("."), port: rest.readUInt16BE(8) };
    case families.ipv6:
      return { host: ipv6Of(rest.subarray(0, 16)), port: rest.readUInt16BE(32) };
    default:
      return undefined;
  }
}

/** As the system writes it: the longest zeros left out. */
function ipv6Of(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(2 * index).toString(16));
  if (groups.slice(0, 6).join() === "0,0,0,0,0,ffff") return bytes.subarray(12).join(".");
  return addressOf(`[${groups.join(":")}]`) ?? "";
}

/** Whether the additions say so; `undefined` where one does not fit into its place. */
function wasSecure(additions: Buffer): boolean | undefined {
  let isSecure = false;
  for (let at = 0; at < additions.length; ) {
    if (at + typeAndLengthBytes > additions.length) return undefined;
    const type = additions[at];
    const length = additions.readUInt16BE(at + 1);
    at += typeAndLengthBytes;
    if (at + length > additions.length) return undefined;
    if (type === sslType && length > 0) isSecure ||= ((additions[at] ?? 0) & overSsl) !== 0;
    at += length;
  }
  return isSecure;
}

function malformed(problem: string): ProxyHeader {
  return { kind: "malformed", problem };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}
