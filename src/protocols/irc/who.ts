import { upperAscii } from "../upper-ascii.ts";
import type { OutgoingMessage } from "./message.ts";
import { numeric } from "./numerics.ts";

/**
 * In the order in which a reply has them: IRCv3 WHOX; `d` (hops) and `o` (a rank's level) where ircu has them. The
 * real name, `r`, is the last, and free text.
 */
const wordFields = ["t", "c", "u", "i", "h", "s", "n", "f", "d", "l", "a", "o"] as const;
type WordField = (typeof wordFields)[number];
type WhoxField = WordField | "r";

/** What is wanted of each: `WHO <mask> %<fields>[,<token>]`. */
export interface WhoxRequest {
  readonly fields: ReadonlySet<WhoxField>;
  /** To be sent back with each reply where `t` is wanted. */
  readonly token: string;
}

export interface WhoRequest {
  /** A channel, a nick or a mask. */
  readonly mask: string;
  readonly operatorsOnly: boolean;
  /** `undefined`: to be answered as ever, by `RPL_WHOREPLY`. */
  readonly whox: WhoxRequest | undefined;
}

/** What a reply says of somebody. */
export interface WhoxRecord {
  /** One that both are in, or `*`. */
  readonly channel: string;
  readonly user: string;
  /** `255.255.255.255` where it is not disclosed. */
  readonly ip: string;
  readonly host: string;
  readonly server: string;
  readonly nick: string;
  /** See `whoFlags`. */
  readonly flags: string;
  readonly idleSeconds: number;
  /** `undefined`: not logged in. */
  readonly account: string | undefined;
  readonly realname: string;
}

/**
 * Reads the parameters of `WHO`. Without a mask everybody is meant: RFC 2812, section 3.6.1. What is no known field is
 * passed over.
 */
export function parseWho(params: readonly string[]): WhoRequest {
  const [given = "", options = ""] = params;
  const mask = given === "" ? "*" : given;
  const percent = options.indexOf("%");
  const flags = percent === -1 ? options : options.slice(0, percent);
  const whox = percent === -1 ? undefined : parseWhox(options.slice(percent + 1));
  return { mask, operatorsOnly: upperAscii(flags).includes("O"), whox };
}

/** The fields that were wanted, and no others. */
export function whoxReply(
  client: string,
  { fields, token }: WhoxRequest,
  record: WhoxRecord,
): OutgoingMessage {
  const values = wordFields
    .filter((field) => fields.has(field))
    .map((field) => valueOf(field, token, record));
  return numeric("RPL_WHOSPCRPL", client, values, ...(fields.has("r") ? [record.realname] : []));
}

/**
 * Here or gone, `*` for an operator of the server, the prefixes in the channel, and `B` for a bot:
 * https://modern.ircdocs.horse/#rplwhoreply-352 and IRCv3 bot mode.
 */
export function whoFlags(person: {
  readonly away: boolean;
  readonly operator: boolean;
  readonly prefixes: string;
  readonly bot: boolean;
}): string {
  return `${person.away ? "G" : "H"}${person.operator ? "*" : ""}${person.prefixes}${person.bot ? "B" : ""}`;
}

function parseWhox(text: string): WhoxRequest {
  const [letters = "", token = ""] = text.split(",");
  const fields = new Set(([...wordFields, "r"] as const).filter((field) => letters.includes(field)));
  return { fields, token: /^\d{1,3}$/.test(token) ? token : "0" };
}

function valueOf(field: WordField, token: string, record: WhoxRecord): string {
  switch (field) {
    case "t":
      return token;
    case "c":
      return record.channel;
    case "u":
      return record.user;
    case "i":
      return record.ip;
    case "h":
      return record.host;
    case "s":
      return record.server;
    case "n":
      return record.nick;
    case "f":
      return record.flags;
    case "d":
      return "0";
    case "l":
      return String(record.idleSeconds);
    case "a":
      return record.account ?? "0";
    case "o":
      return "n/a";
  }
}
