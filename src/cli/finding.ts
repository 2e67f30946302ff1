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

/** Bytes as people read them: `1.5 GB`. */
export function showBytes(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${Number((bytes / 1000 ** power).toFixed(1))} ${units[power]}`;
}
