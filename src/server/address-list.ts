import { BlockList, isIPv4, isIPv6 } from "node:net";
import { plainHost } from "./address.ts";

const everywhere: readonly string[] = ["0.0.0.0/0", "::/0"];

/** Addresses and ranges of a list with commas; `all` is every address. `undefined` where one of them is none. */
export function parseAddresses(text: string): readonly string[] | undefined {
  if (text === "all") return everywhere;
  const entries = text.split(",").filter((entry) => entry !== "");
  return entries.every((entry) => parse(entry) !== undefined) ? entries : undefined;
}

/** Addresses (`192.168.1.7`, `::1`) and ranges of them (`10.0.0.0/8`). An IPv4 address is one however it comes in. */
export class AddressList {
  readonly #list = new BlockList();

  /** `entries` as `parseAddresses` gives them. */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const parsed = parse(entry);
      if (parsed !== undefined) this.#list.addSubnet(parsed.address, parsed.bits, parsed.family);
    }
  }

  has(host: string): boolean {
    const address = withoutZone(plainHost(host));
    if (isIPv4(address)) return this.#list.check(address, "ipv4");
    return isIPv6(address) && this.#list.check(address, "ipv6");
  }
}

const loopback = new AddressList(["127.0.0.0/8", "::1"]);

/** Whether it is an address of this machine that no other can use. */
export function isLoopback(host: string): boolean {
  return loopback.has(host);
}

interface Range {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

function parse(entry: string): Range | undefined {
  const [, address = "", bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  if (!isIPv4(address) && !isIPv6(address)) return undefined;
  const most = isIPv4(address) ? 32 : 128;
  const range = bits === undefined ? most : Number(bits);
  return range > most ? undefined : { address, bits: range, family: isIPv4(address) ? "ipv4" : "ipv6" };
}

/** A link-local address names its interface as well (`fe80::1%eth0`), which no list does. */
function withoutZone(address: string): string {
  return address.split("%")[0] ?? address;
}
