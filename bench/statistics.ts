/** The value at `part` (0 to 1) of the way through the sorted values. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(part * (sorted.length - 1))] ?? Number.NaN;
}

/** The one in the middle; of an even number, the mean of the two. */
export function median(values: readonly number[]): number {
  const half = (values.length - 1) / 2;
  const sorted = [...values].sort((one, other) => one - other);
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half)] ?? Number.NaN)) / 2;
}

/** A number with about three digits that count. */
export function shown(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  const fixed = value.toFixed(digits);
  return Math.abs(value) < 10_000 ? fixed : fixed.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** How many times `base` it is. */
export function ratio(value: number, base: number): string {
  const times = value / base;
  return Number.isFinite(times) ? `×${shown(times)}` : "–";
}

/** Rows of cells as a Markdown table that can be read as it stands. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const line = (row: readonly string[]): string =>
    `| ${widths.map((width, column) => (column === 0 ? (row[column] ?? "").padEnd(width) : (row[column] ?? "").padStart(width))).join(" | ")} |`;
  const [head = [], ...body] = rows;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [head, rule, ...body].map(line).join("\n");
}
