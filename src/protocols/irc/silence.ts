/** What `SILENCE` asks for, as ircu and those that came after it have it. */
export type SilenceRequest =
  | { readonly kind: "list"; readonly nick: string | undefined }
  | { readonly kind: "change"; readonly changes: readonly SilenceChange[] };

/** `nick`: whom the mask means; `undefined` where it does not mean somebody by his nick alone. */
export interface SilenceChange {
  readonly on: boolean;
  readonly mask: string;
  readonly nick: string | undefined;
}

/** `SILENCE [<nick>]`, or `SILENCE <+mask or -mask>[,<+mask or -mask> …]`. */
export function parseSilence(list: string | undefined): SilenceRequest {
  if (list === undefined || !/^[+-]/.test(list)) return { kind: "list", nick: list };
  const words = list.split(",").filter((word) => /^[+-]?[^+-]/.test(word));
  return {
    kind: "change",
    changes: words.map((word) => {
      const mask = word.replace(/^[+-]/, "");
      return { on: !word.startsWith("-"), mask, nick: nickOf(mask) };
    }),
  };
}

/** The mask of everybody who is called so. */
export function silenceMask(nick: string): string {
  return `${nick}!*@*`;
}

function nickOf(mask: string): string | undefined {
  const [, nick] = /^([^!@*?]+)(?:!\*(?:@\*)?)?$/.exec(mask) ?? [];
  return nick;
}
