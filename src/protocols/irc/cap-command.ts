import { upperAscii } from "../upper-ascii.ts";
import type { OutgoingMessage } from "./message.ts";
import { packWords, roomFor } from "./pack.ts";

/** What a client asks for with `CAP`: IRCv3 capability negotiation, "The CAP command". */
export type CapCommand =
  /** `version` is 0 where none was given, or none that is a number. */
  | { readonly kind: "ls"; readonly version: number }
  | { readonly kind: "list" }
  | { readonly kind: "req"; readonly list: string }
  | { readonly kind: "end" }
  /** To be answered by numeric 410; as it was sent. */
  | { readonly kind: "invalid"; readonly subcommand: string };

/** From this version on a client understands values, lists on several lines, `NEW` and `DEL`. */
export const capVersion302 = 302;

export function parseCap(params: readonly string[]): CapCommand {
  const [subcommand = "", argument] = params;
  switch (upperAscii(subcommand)) {
    case "LS":
      return { kind: "ls", version: versionOf(argument) };
    case "LIST":
      return { kind: "list" };
    case "REQ":
      return argument === undefined ? { kind: "invalid", subcommand } : { kind: "req", list: argument };
    case "END":
      return { kind: "end" };
    default:
      return { kind: "invalid", subcommand };
  }
}

/** A capability as `LS` and `NEW` list it; values are for who understands version 302. */
export function capWord(name: string, value: string | undefined, version: number): string {
  return value === undefined || value === "" || version < capVersion302 ? name : `${name}=${value}`;
}

/**
 * The messages that list these words, one at least. Where there are several, all but the last of `LS` and `LIST`
 * say so with a `*`. Who does not know version 302 gets several all the same, rather than one that is cut.
 *
 * @param server the source of the messages, which their length depends on
 */
export function capMessages(
  reply: {
    readonly subcommand: "LS" | "LIST" | "ACK" | "NAK" | "NEW" | "DEL";
    readonly client: string;
    readonly version: number;
  },
  words: readonly string[],
  server: string,
): readonly OutgoingMessage[] {
  const { subcommand, client, version } = reply;
  const more = (subcommand === "LS" || subcommand === "LIST") && version >= capVersion302;
  const maxBytes = roomFor(`:${server} CAP ${client} ${subcommand} * :\r\n`);
  const lines = packWords(words, { separator: " ", maxBytes });
  const last = Math.max(lines.length - 1, 0);
  return Array.from({ length: last + 1 }, (_, index) => ({
    source: server,
    command: "CAP",
    params: [client, subcommand, ...(more && index < last ? ["*"] : [])],
    text: (lines[index] ?? []).join(" "),
  }));
}

function versionOf(text: string | undefined): number {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0;
}
