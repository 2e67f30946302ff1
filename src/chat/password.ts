import type { Refusal } from "./refusal.ts";
import { utf8Length } from "./text.ts";

/** A password is at most this long, in bytes of its UTF-8: a sentence in any script fits. */
export const maxPasswordBytes = 512;

/** A password in the one form in which it is hashed and compared. Made by `parsePassword` only; never shown. */
export type Password = string & { readonly brand: "Password" };

// NFC makes characters shorter: the most is two UTF-16 units for each byte that stays.
const maxUnnormalizedUnits = 2 * maxPasswordBytes;

const everySpace = /\p{Zs}/gu;

// Controls, surrogates, private use, what Unicode has not assigned (its normal form may still change), the line
// and paragraph separators; and what stands for bytes that were no UTF-8, under which different passwords would
// be one. Formats stay: emoji and Persian are written with them.
const unreadable = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\uFFFD]/u;

/**
 * The password that `text` is, or why it is none: the OpaqueString profile of PRECIS (RFC 8265, section 4.2),
 * so that what one keyboard composes and another one does not is the same password. Letters keep their case
 * and spaces their place. At a sign-in, where `minCharacters` is left out, what is none is a wrong password.
 */
export function parsePassword(text: string, minCharacters = 1): Password | Refusal {
  if (text === "") return { reason: "password-empty" };
  if (text.length > maxUnnormalizedUnits) return { reason: "password-too-long", maxBytes: maxPasswordBytes };
  const password = text.replace(everySpace, " ").normalize("NFC");
  if (unreadable.test(password)) return { reason: "password-unreadable" };
  if (utf8Length(password) > maxPasswordBytes) {
    return { reason: "password-too-long", maxBytes: maxPasswordBytes };
  }
  if (Array.from(password).length < minCharacters) return { reason: "password-too-short", minCharacters };
  return password as Password;
}
