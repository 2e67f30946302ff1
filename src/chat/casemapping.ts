import { type Fold, foldName } from "./name.ts";

/** As IRC's `CASEMAPPING` names them: https://modern.ircdocs.horse/#casemapping-parameter */
export const casemappings = ["ascii", "rfc1459", "rfc1459-strict"] as const;

/** Which characters are one character in the names of people and rooms. */
export type Casemapping = (typeof casemappings)[number];

const small: Readonly<Record<string, string>> = { "[": "{", "]": "}", "\\": "|" };

/**
 * The key under which a name is the same name in whatever case. Of ASCII, what the casemapping says; beyond it, as
 * `foldName` has it, of which IRC knows nothing. So what `foldName` tells apart is what `ascii` tells apart, and the
 * other two make fewer names of them.
 */
export function foldIn(casemapping: Casemapping, name: string): string {
  return foldOf(casemapping)(name);
}

/** `foldIn` for one casemapping. */
export function foldOf(casemapping: Casemapping): Fold {
  switch (casemapping) {
    case "ascii":
      return foldName;
    case "rfc1459":
      return (name) => foldBrackets(foldName(name)).replaceAll("~", "^");
    case "rfc1459-strict":
      return (name) => foldBrackets(foldName(name));
  }
}

function foldBrackets(text: string): string {
  return text.replace(/[[\]\\]/g, (character) => small[character]!);
}
