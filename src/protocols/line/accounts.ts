import type { Instant } from "../../chat/event.ts";
import { clockTime, dayOf, oneLine, rule, systemLine } from "./render.ts";

/** So much of a device's id is shown: it is enough to name it by. */
const shownIdCharacters = 8;

/** Somebody is ignored from now on, or not any more. */
export function ignoringLine(
  at: Instant,
  what: { readonly name: string; readonly on: boolean; readonly isHere: boolean },
): string {
  const { name, on, isHere } = what;
  if (!on) return systemLine(at, `You do not ignore ${name} any more`);
  const nobody = isHere ? "" : ". Nobody of that name is here: it holds for a guest who comes under it";
  return systemLine(at, `You ignore ${name} from now on${nobody}`);
}

/** Whom somebody ignores. */
export function ignoredLine(
  at: Instant,
  ignored: readonly { readonly name: string; readonly isGuest: boolean }[],
): string {
  if (ignored.length === 0) return systemLine(at, "You ignore nobody");
  const names = ignored.map(({ name, isGuest }) => (isGuest ? `${name} (a guest)` : name));
  return systemLine(at, `You ignore ${names.join(", ")}`);
}

/** One's password is another one. `signedOut`: how many devices were signed out; `undefined`: it was done elsewhere. */
export function passwordChangedLine(at: Instant, signedOut: number | undefined): string {
  return systemLine(at, passwordChangedText(signedOut));
}

export function passwordChangedText(signedOut: number | undefined): string {
  if (signedOut === undefined) return "Your password was changed elsewhere";
  const devices = signedOut === 1 ? "1 other device was" : `${signedOut} other devices were`;
  return `Your password is changed${signedOut === 0 ? "" : `, and ${devices} signed out`}`;
}

export interface ShownDevice {
  readonly id: string;
  readonly name: string;
  readonly lastUsedAt: Instant;
  readonly isOwn: boolean;
}

/** Where somebody stays signed in. */
export function devicesBlock(devices: readonly ShownDevice[]): string {
  const lines = devices.map((device) => oneLine(`  ${deviceText(device)}`));
  return `${rule}\n${oneLine(`Devices (${devices.length}):`)}${lines.join("")}${rule}\n`;
}

export function deviceText({ id, name, lastUsedAt, isOwn }: ShownDevice): string {
  const used = isOwn ? "this one" : `used last ${dayOf(lastUsedAt)} ${clockTime(lastUsedAt)}`;
  return `${id.slice(0, shownIdCharacters)}  ${name} (${used})`;
}
