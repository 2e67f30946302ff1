import { isHostileInIrc } from "./grammar.ts";

/** A server's line, taken apart. */
export interface ServerLine {
  readonly tags: ReadonlyMap<string, string>;
  readonly source: string;
  readonly command: string;
  readonly params: readonly string[];
}

/** IRCv3 message-tags, "Size limit": what a server adds, and with it what it passes on, the `@` and the space included. */
const maxTagBytes = 8191;
const maxOwnTagBytes = 4094 + 2;
/** RFC 1459, section 2.3, without the CR LF. */
const maxBytes = 510;

const form = /^(?:@([^ ]+) )?:([^ ]+) ([A-Z]+|\d{3})((?: [^ :][^ ]*)*)(?: :(.*))?$/s;
const person = /^[^ !@*?,:#&+~%$=][^ !@*?,:]*![^ !@]+@[^ !@]+$/u;
const server = "roomful.local";
const unescaped: Readonly<Record<string, string>> = { ":": ";", s: " ", r: "\r", n: "\n" };

/** What a client hears that has asked for nothing. */
const plainCommands: ReadonlySet<string> = new Set(
  "PRIVMSG NOTICE JOIN PART QUIT NICK MODE TOPIC KICK INVITE KILL ERROR PONG CAP WALLOPS".split(" "),
);

/** A line of the server's without its end; throws where it is none that a client can read as it was meant. */
export function readServerLine(line: string): ServerLine {
  const match = form.exec(line);
  if (match === null) throw new Error(`a line of no known form: ${JSON.stringify(line)}`);
  const [, data, source = "", command = "", middle = "", last] = match;
  const tagsLength = data === undefined ? 0 : Buffer.byteLength(data) + 2;
  if (tagsLength > maxTagBytes) throw new Error(`${tagsLength} bytes of tags: ${JSON.stringify(line)}`);
  const bytes = Buffer.byteLength(line) - tagsLength;
  if (bytes > maxBytes) throw new Error(`a line of ${bytes} bytes: ${JSON.stringify(line)}`);
  if (isHostileInIrc(line)) throw new Error(`what does harm in ${JSON.stringify(line)}`);
  if (source !== server && !person.test(source)) throw new Error(`a source that is none: ${line}`);
  const params = middle.split(" ").slice(1);
  return {
    tags: readTags(data ?? ""),
    source,
    command,
    params: last === undefined ? params : [...params, last],
  };
}

/** As `readServerLine`, for a client that has negotiated nothing and asked for nothing. */
export function readPlainLine(line: string): ServerLine {
  const read = readServerLine(line);
  if (read.tags.size > 0) throw new Error(`tags for who has not asked for them: ${JSON.stringify(line)}`);
  if (!/^\d{3}$/.test(read.command) && !plainCommands.has(read.command)) {
    throw new Error(`a command for who has not asked for it: ${JSON.stringify(line)}`);
  }
  return read;
}

/** Who a message is from. */
export function nickOf({ source }: ServerLine): string {
  return source.split("!")[0] ?? "";
}

function readTags(data: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  let own = 2;
  for (const tag of data === "" ? [] : data.split(";")) {
    const [key = "", ...value] = tag.split("=");
    if (key === "") throw new Error(`a tag without a key: ${JSON.stringify(data)}`);
    if (tags.has(key)) throw new Error(`a tag twice: ${JSON.stringify(data)}`);
    if (!key.startsWith("+")) own += Buffer.byteLength(tag) + 1;
    tags.set(
      key,
      value.join("=").replaceAll(/\\(.?)/gs, (_, character: string) => unescaped[character] ?? character),
    );
  }
  if (own > maxOwnTagBytes) throw new Error(`${own} bytes of the server's own tags: ${JSON.stringify(data)}`);
  return tags;
}
