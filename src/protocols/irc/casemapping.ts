import { foldName } from "../../chat/name.ts";

/** As `CASEMAPPING` names them: https://modern.ircdocs.horse/#casemapping-parameter */
export type Casemapping = "ascii" | "rfc1459" | "rfc1459-strict";

const strict: Readonly<Record<string, string>> = { "[": "{", "]": "}", "\\": "|" };

/**
 * The key under which a nick or channel name is the same name in whatever case. Of ASCII, what the casemapping
 * says; beyond it, as `foldName` has it, of which IRC knows nothing. So what the core tells apart is what `ascii`
 * tells apart, and the other two make fewer names of them.
 */
export function foldIn(casemapping: Casemapping, name: string): string {
  const fold = foldName(name);
  switch (casemapping) {
    case "ascii":
      return fold;
    case "rfc1459":
      return foldBrackets(fold).replaceAll("~", "^");
    case "rfc1459-strict":
      return foldBrackets(fold);
  }
}

function foldBrackets(text: string): string {
  return text.replace(/[[\]\\]/g, (character) => strict[character]!);
}
