import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { CleanText, Instant, PersonId } from "../chat/event.ts";

/** A device that stays signed in. Of its token only a digest is kept, so who reads the store cannot use it. */
export interface Device {
  /** As `Ids.device` makes it. */
  readonly id: string;
  readonly person: PersonId;
  /** What its person knows it by: `roomful on laptop`. */
  readonly name: CleanText;
  readonly createdAt: Instant;
  readonly lastUsedAt: Instant;
  /** SHA-256 of the token's secret, in hexadecimal. The secret is random, so a slow hash would add nothing. */
  readonly secretDigest: string;
}

/** A token as somebody presents it: which device it claims to be of, and what is to prove that. */
export interface PresentedToken {
  readonly device: string;
  readonly secret: string;
}

const secretBytes = 32;
const tokenForm = /^([0-9a-f]{24})\.([A-Za-z0-9_-]{43})$/;
const nobodysDigest = "00".repeat(32);

/** A new device and its token, which can be shown now and never again. */
export function issueDeviceToken(
  device: Pick<Device, "id" | "person" | "name">,
  now: Instant,
): { readonly device: Device; readonly token: string } {
  const secret = randomBytes(secretBytes).toString("base64url");
  return {
    device: { ...device, createdAt: now, lastUsedAt: now, secretDigest: digest(secret).toString("hex") },
    token: `${device.id}.${secret}`,
  };
}

/** `undefined` where the text has not the form of a device's token; a guest's resume token does not either. */
export function parseDeviceToken(text: string): PresentedToken | undefined {
  const [, device, secret] = tokenForm.exec(text) ?? [];
  return device === undefined || secret === undefined ? undefined : { device, secret };
}

/**
 * The device as it is now that it was used, or `undefined` where the token is not its. `device` is what the
 * store has under the token's device, if anything; without one it takes as long.
 */
export function useDeviceToken(
  token: PresentedToken,
  device: Device | undefined,
  now: Instant,
): Device | undefined {
  const expected = Buffer.from(device?.secretDigest ?? nobodysDigest, "hex");
  if (!timingSafeEqual(digest(token.secret), expected) || device?.id !== token.device) return undefined;
  return { ...device, lastUsedAt: Math.max(device.lastUsedAt, now) };
}

/** A person's devices, the one used last first. */
export function devicesOf(devices: readonly Device[], person: PersonId): readonly Device[] {
  return devices.filter((device) => device.person === person).sort((a, b) => b.lastUsedAt - a.lastUsedAt);
}

function digest(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}
