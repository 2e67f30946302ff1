import { upperAscii } from "../upper-ascii.ts";

/** A message of the client-to-client protocol: https://modern.ircdocs.horse/ctcp */
export interface Ctcp {
  /** In upper case; `ACTION` is what `/me` sends, and all others are asked of clients and answered by them. */
  readonly command: string;
  readonly params: string;
}

const delimiter = "\x01";

/**
 * The CTCP message that a text is, or `undefined` where it is a text like others. The last delimiter may be missing,
 * since there are clients that cut it off; one in between makes it no CTCP message.
 */
export function parseCtcp(text: string): Ctcp | undefined {
  if (!text.startsWith(delimiter)) return undefined;
  const body = text.endsWith(delimiter) && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  if (body === "" || body.startsWith(" ") || body.includes(delimiter)) return undefined;
  const space = body.indexOf(" ");
  if (space === -1) return { command: upperAscii(body), params: "" };
  return { command: upperAscii(body.slice(0, space)), params: body.slice(space + 1) };
}

/** Throws where the parts would be read as others. */
export function formatCtcp({ command, params }: Ctcp): string {
  if (!/^[^\x01 ]+$/.test(command) || params.includes(delimiter)) {
    throw new Error(`Cannot write the CTCP message ${JSON.stringify(command)}: it would not be read as one`);
  }
  return params === ""
    ? `${delimiter}${command}${delimiter}`
    : `${delimiter}${command} ${params}${delimiter}`;
}
