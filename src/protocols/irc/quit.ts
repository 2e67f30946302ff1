const prefix = "Quit: ";

/** The words with which somebody goes who asked to: https://modern.ircdocs.horse/#quit-message */
export function quitText(reason: string): string {
  return prefix + reason;
}

/** What somebody gave as his reason to go, for doors where nobody needs to be told that he asked to. */
export function quitReason(text: string | undefined): string | undefined {
  const reason = text?.startsWith(prefix) === true ? text.slice(prefix.length) : text;
  return reason === "" ? undefined : reason;
}
