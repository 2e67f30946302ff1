/** What stands otherwise in a value. */
const special = /[; \r\n\\]/;

/** A message's tags by their keys, unescaped; a tag without a value has an empty one, which means the same. */
export type Tags = ReadonlyMap<string, string>;

export const noTags: Tags = new Map();

const unescaped: Readonly<Record<string, string>> = { ":": ";", s: " ", r: "\r", n: "\n" };
const escaped: Readonly<Record<string, string>> = {
  ";": "\\:",
  " ": "\\s",
  "\r": "\\r",
  "\n": "\\n",
  "\\": "\\\\",
};

/**
 * What stands between a message's `@` and the space after it. Of a key that comes twice the last value counts,
 * keys are not looked at, and a `\` before anything that needs none is dropped: IRCv3 message-tags, "Format" and
 * "Escaping values".
 */
export function parseTags(data: string): Tags {
  const tags = new Map<string, string>();
  for (const tag of data.split(";")) {
    const equals = tag.indexOf("=");
    const key = equals === -1 ? tag : tag.slice(0, equals);
    if (key !== "") tags.set(key, equals === -1 ? "" : unescape(tag.slice(equals + 1)));
  }
  return tags;
}

/**
 * The tags as a message begins with them, the space after them included; `""` where there are none. The server's
 * come before the clients', so that these cannot push them out: IRCv3 message-tags, "Client-only tags".
 */
export function formatTags(tags: Tags): string {
  if (tags.size === 0) return "";
  let own = "";
  let clients = "";
  for (const [key, value] of tags) {
    const tag = value === "" ? `;${key}` : `;${key}=${escape(value)}`;
    if (isClientTag(key)) clients += tag;
    else own += tag;
  }
  return `@${(own + clients).slice(1)} `;
}

/** Those that a server passes on with a message. All others are taken off: IRCv3 message-tags, "Security". */
export function clientTags(tags: Tags): Tags {
  if (tags.size === 0) return noTags;
  return new Map([...tags].filter(([key]) => isClientTag(key)));
}

function isClientTag(key: string): boolean {
  return key.startsWith("+");
}

function unescape(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\(.?)/gs, (_, character: string) => unescaped[character] ?? character);
}

function escape(value: string): string {
  return !special.test(value) ? value : value.replace(/[; \r\n\\]/g, (character) => escaped[character]!);
}
