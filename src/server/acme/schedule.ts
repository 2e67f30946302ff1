import type { Instant } from "../../chat/event.ts";
import type { Validity } from "./fitness.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Of the lifetime: what is left when the certificate is renewed, and how much earlier that may be. */
const renewalShare = 1 / 3;
const jitterShare = 1 / 50;

/** When to renew a certificate; `chance` (0 to 1) keeps those who began together from coming together. */
export function renewalDueAt({ from, to }: Validity, chance: number): Instant {
  return to - (to - from) * (renewalShare + jitterShare * chance);
}

/** How long to wait after so many failures in a row: a minute, then twice as long each time, up to a day. */
export function retryPauseMs(failures: number, retryAfterMs: number | undefined): number {
  const pauseMs = Math.min(minuteMs * 2 ** Math.min(failures - 1, 20), dayMs);
  return Math.max(pauseMs, retryAfterMs ?? 0);
}
