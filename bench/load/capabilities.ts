/** What IRC clients ask for as they come in; each set is that of one kind of client. */
export const capabilityNames = ["none", "modern", "mixed"] as const;
export type Capabilities = (typeof capabilityNames)[number];

const modern: readonly string[] = [
  "cap-notify",
  "message-tags",
  "server-time",
  "account-tag",
  "batch",
  "labeled-response",
  "echo-message",
  "multi-prefix",
  "userhost-in-names",
  "account-notify",
  "away-notify",
  "extended-join",
  "chghost",
  "setname",
  "invite-notify",
];

const sets: Readonly<Record<Capabilities, readonly (readonly string[])[]>> = {
  none: [[]],
  modern: [modern],
  mixed: [
    [],
    modern,
    ["multi-prefix", "userhost-in-names", "away-notify"],
    ["server-time"],
    ["server-time", "account-tag", "extended-join", "multi-prefix"],
    ["message-tags", "server-time", "batch", "echo-message"],
  ],
};

/** What the client of this index asks for: the sets in turn. */
export function capabilitiesOf(name: Capabilities, index: number): readonly string[] {
  const own = sets[name];
  return own[index % own.length]!;
}
