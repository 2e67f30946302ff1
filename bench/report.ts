import { table } from "./statistics.ts";

interface Section {
  readonly title: string;
  /** The first is the head. */
  readonly rows: (readonly string[])[];
}

/** What was measured, as Markdown. */
export class Report {
  readonly #facts: readonly string[];
  readonly #sections: Section[] = [];
  readonly #failures: string[] = [];

  constructor(facts: readonly string[]) {
    this.#facts = facts;
  }

  /** Adds rows to the section of that title, which begins where it is new. */
  add(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
    let section = this.#sections.find((known) => known.title === title);
    if (section === undefined) this.#sections.push((section = { title, rows: [head] }));
    section.rows.push(...rows);
    process.stderr.write(`${table([head, ...rows]).replaceAll(/^/gm, "         ")}\n`);
  }

  fail(what: string): void {
    this.#failures.push(what);
    process.stderr.write(`FAILED: ${what}\n`);
    process.exitCode = 1;
  }

  get markdown(): string {
    const facts = this.#facts.map((fact) => `- ${fact}\n`).join("");
    const sections = this.#sections.map(({ title, rows }) => `\n### ${title}\n\n${table(rows)}\n`);
    const failures = this.#failures.map((failure) => `\n**FAILED**: ${failure}\n`);
    return [facts, ...failures, ...sections].join("");
  }
}
