/** Who a message is from. */
export interface IrcPerson {
  readonly nick: string;
  readonly user: string;
  readonly host: string;
}

/** `nick!user@host`, as messages and masks name somebody: https://modern.ircdocs.horse/#source */
export function formatSource({ nick, user, host }: IrcPerson): string {
  return `${nick}!${user}@${host}`;
}

/** An address as a host among parameters: with a 0 before the colons that an IPv6 address may begin with. */
export function hostOf(address: string): string {
  return address.startsWith(":") ? `0${address}` : address;
}
