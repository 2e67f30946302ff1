/**
 * Capabilities of a connection. Equal sets are equal numbers, so that what is worded for one can be kept by it.
 * Made by the functions below only.
 */
export type CapabilitySet = number & { readonly brand: "CapabilitySet" };

/**
 * All that the server knows, each with its bit, which must leave the number a small integer: 30 at most. `needs` is
 * without which it does nothing; clients may ask for them in any order.
 */
const table = {
  "cap-notify": { bit: 0, needs: [] },
  "message-tags": { bit: 1, needs: [] },
  "server-time": { bit: 2, needs: [] },
  sasl: { bit: 3, needs: [] },
  batch: { bit: 4, needs: [] },
  "draft/chathistory": { bit: 5, needs: [] },
  "draft/event-playback": { bit: 6, needs: ["draft/chathistory"] },
  "echo-message": { bit: 7, needs: [] },
  "labeled-response": { bit: 8, needs: ["batch"] },
  "multi-prefix": { bit: 9, needs: [] },
  "userhost-in-names": { bit: 10, needs: [] },
  "no-implicit-names": { bit: 29, needs: [] },
  // As it was called while it was a draft.
  "draft/no-implicit-names": { bit: 11, needs: [] },
  "away-notify": { bit: 12, needs: [] },
  "account-notify": { bit: 13, needs: [] },
  "account-tag": { bit: 14, needs: [] },
  "extended-join": { bit: 15, needs: [] },
  chghost: { bit: 16, needs: [] },
  setname: { bit: 17, needs: [] },
  "invite-notify": { bit: 18, needs: [] },
  "extended-monitor": { bit: 19, needs: [] },
  "draft/read-marker": { bit: 20, needs: [] },
  "standard-replies": { bit: 21, needs: [] },
  "draft/multiline": { bit: 22, needs: ["batch"] },
  "draft/message-redaction": { bit: 23, needs: ["message-tags"] },
  "draft/metadata-2": { bit: 24, needs: [] },
  "draft/pre-away": { bit: 25, needs: [] },
  "draft/channel-rename": { bit: 26, needs: [] },
  "draft/extended-isupport": { bit: 27, needs: [] },
  "draft/account-registration": { bit: 28, needs: [] },
} as const satisfies Readonly<Record<string, { readonly bit: number; readonly needs: readonly string[] }>>;

export type Capability = keyof typeof table;

/** In the order in which they are listed. */
export const capabilities: readonly Capability[] = Object.keys(table) as Capability[];

/** Whether a capability is another name of one that has left its draft. */
export function isOlderName(capability: Capability): boolean {
  return capability === "draft/no-implicit-names";
}

export const noCapabilities: CapabilitySet = 0 as CapabilitySet;

export function capabilitySet(members: Iterable<Capability>): CapabilitySet {
  let set = noCapabilities;
  for (const capability of members) set = withCapability(set, capability);
  return set;
}

export function hasCapability(set: CapabilitySet, capability: Capability): boolean {
  return (set & bitOf(capability)) !== 0;
}

export function withCapability(set: CapabilitySet, capability: Capability): CapabilitySet {
  return (set | bitOf(capability)) as CapabilitySet;
}

export function withoutCapability(set: CapabilitySet, capability: Capability): CapabilitySet {
  return (set & ~bitOf(capability)) as CapabilitySet;
}

/** What is in both. */
export function withOnly(set: CapabilitySet, others: CapabilitySet): CapabilitySet {
  return (set & others) as CapabilitySet;
}

export function capabilitiesOf(set: CapabilitySet): readonly Capability[] {
  return capabilities.filter((capability) => hasCapability(set, capability));
}

/** What is in effect of a set: not what lacks something that it needs. */
export function inEffect(set: CapabilitySet): CapabilitySet {
  return capabilitySet(
    capabilitiesOf(set).filter((capability) =>
      table[capability].needs.every((need) => hasCapability(set, need)),
    ),
  );
}

/** Names are told apart by case. */
export function isCapability(name: string): name is Capability {
  return Object.hasOwn(table, name);
}

/**
 * What a connection has after `CAP REQ` with this list, or `undefined` where it is to be refused as a whole: IRCv3
 * capability negotiation, "The CAP REQ subcommand". Each of a repeated name takes the place of what came before.
 *
 * @param connection `implied`: it asked for `CAP LS 302` and cannot be without `cap-notify`
 */
export function requestCapabilities(
  list: string,
  offered: CapabilitySet,
  connection: { readonly held: CapabilitySet; readonly implied: boolean },
): CapabilitySet | undefined {
  let set = connection.held;
  for (const word of list.split(" ")) {
    if (word === "") continue;
    const removing = word.startsWith("-");
    const name = removing ? word.slice(1) : word;
    if (!isCapability(name) || !hasCapability(offered, name)) return undefined;
    if (removing && name === "cap-notify" && connection.implied) return undefined;
    set = removing ? withoutCapability(set, name) : withCapability(set, name);
  }
  return set;
}

function bitOf(capability: Capability): number {
  return 1 << table[capability].bit;
}
