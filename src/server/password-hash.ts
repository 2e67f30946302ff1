import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Password } from "../chat/password.ts";

interface Cost {
  readonly memoryKiB: number;
  readonly passes: number;
  readonly lanes: number;
}

interface Hash extends Cost {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

/** What OWASP's password storage cheat sheet asks for at least, with one thread. */
const cost: Cost = { memoryKiB: 19_456, passes: 2, lanes: 1 };
/** What a stored hash may cost, so that no row can take the machine: the second choice of RFC 9106, and more passes. */
const most: Cost = { memoryKiB: 65_536, passes: 8, lanes: 4 };
const saltBytes = 16;
const digestBytes = 32;

/** A PHC string, of which only `m`, `t` and `p` in this order are taken, and base64 without padding. */
const form =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=(\d{1,3}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
const ownPrefix = `$argon2id$v=19$m=${cost.memoryKiB},t=${cost.passes},p=${cost.lanes}$`;

const argon2Async = promisify(argon2);

/** argon2id with a new salt, as a PHC string. Takes some ten milliseconds and 19 MiB, off the event loop. */
export async function hashPassword(password: Password): Promise<string> {
  const salt = randomBytes(saltBytes);
  return phc(salt, await digest(password, { ...cost, salt, bytes: digestBytes }));
}

/** The hash of no password, which takes as long to verify as one. */
export function nobodysHash(): string {
  return phc(randomBytes(saltBytes), randomBytes(digestBytes));
}

/** Whether it is the password that was hashed. Throws where `stored` is no hash, or one that costs too much. */
export async function verifyPassword(password: Password, stored: string): Promise<boolean> {
  const hash = parse(stored);
  return timingSafeEqual(await digest(password, { ...hash, bytes: hash.digest.length }), hash.digest);
}

/** Whether it was made with another cost than `hashPassword` has now. */
export function needsRehash(stored: string): boolean {
  return !stored.startsWith(ownPrefix);
}

function digest(
  password: Password,
  { salt, bytes, ...of }: Cost & { readonly salt: Buffer; readonly bytes: number },
): Promise<Buffer> {
  return argon2Async("argon2id", {
    message: password,
    nonce: salt,
    memory: of.memoryKiB,
    passes: of.passes,
    parallelism: of.lanes,
    tagLength: bytes,
  });
}

function phc(salt: Buffer, hash: Buffer): string {
  return `${ownPrefix}${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll("=", "");
}

function parse(stored: string): Hash {
  const [, memory, passes, lanes, salt = "", hash = ""] = form.exec(stored) ?? [];
  const of = { memoryKiB: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  if (!isBearable(of)) throw new Error(`Cannot verify a password: ${described(stored)}`);
  return { ...of, salt: Buffer.from(salt, "base64"), digest: Buffer.from(hash, "base64") };
}

function isBearable({ memoryKiB, passes, lanes }: Cost): boolean {
  const within = memoryKiB <= most.memoryKiB && passes <= most.passes && lanes <= most.lanes;
  // Less than this no argon2 takes (RFC 9106, section 3.1). What is no hash has no numbers and ends here.
  return within && lanes >= 1 && passes >= 1 && memoryKiB >= 8 * lanes;
}

/** What is wrong with a stored hash, which is not to be read in a log: only its beginning is quoted. */
function described(stored: string): string {
  const beginning = JSON.stringify(stored.split("$").slice(0, 4).join("$").slice(0, 64));
  return `the stored hash begins ${beginning} and is no argon2id of at most m=${most.memoryKiB},t=${most.passes},p=${most.lanes}`;
}
