import { decodeUtf8 } from "../utf8.ts";

/** What somebody says to be, and with which password: RFC 4616. */
export interface PlainCredentials {
  /** Whom to act as; empty where that is the one who logs in. */
  readonly authorization: string;
  readonly authentication: string;
  readonly password: string;
}

/**
 * The message of the mechanism PLAIN, `[authzid] NUL authcid NUL passwd`, or `undefined` where it is none: RFC 4616,
 * section 2. Nothing of it is prepared; what may be a name or password is for others to say.
 */
export function parsePlain(message: Buffer): PlainCredentials | undefined {
  const [authorization, authentication = "", password = "", ...more] = decodeUtf8(message)?.split("\0") ?? [];
  if (authorization === undefined || authentication === "" || password === "" || more.length > 0)
    return undefined;
  return { authorization, authentication, password };
}
