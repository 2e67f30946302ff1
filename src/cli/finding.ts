/** What one check of `roomful doctor` found. */
export interface Finding {
  readonly kind: "ok" | "warning" | "problem";
  readonly text: string;
  /** What to do about it. */
  readonly advice?: string;
}

export function ok(text: string): Finding {
  return { kind: "ok", text };
}

export function warning(text: string, advice: string): Finding {
  return { kind: "warning", text, advice };
}

export function problem(text: string, advice: string): Finding {
  return { kind: "problem", text, advice };
}
