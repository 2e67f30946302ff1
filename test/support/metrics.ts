import assert from "node:assert/strict";

/** What `/metrics` said: the value of each line by its name with its labels, and the families by theirs. */
export interface Measured {
  readonly values: ReadonlyMap<string, number>;
  readonly families: ReadonlyMap<string, { readonly type: string; readonly help: string }>;
}

/** Fetches a path of a server on this machine; on a connection of its own. */
export async function get(
  port: number,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}${path}`, { headers: { Connection: "close", ...headers } });
}

/** Fetches and reads the metrics of a server; throws where a line is not of the text format 0.0.4. */
export async function measure(port: number): Promise<Measured> {
  const response = await get(port, "/metrics");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return readMetrics(await response.text());
}

/** Asks for the metrics until they are as expected: what is counted on another thread may come a moment later. */
export async function measureUntil(
  port: number,
  expected: (values: ReadonlyMap<string, number>) => boolean,
): Promise<Measured> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const measured = await measure(port);
    if (expected(measured.values)) return measured;
    if (Date.now() > deadline) {
      const shown = [...measured.values].filter(([, value]) => value !== 0).map((line) => line.join(" "));
      throw new Error(`Waited in vain for other metrics than\n${shown.join("\n")}`);
    }
  }
}

const name = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const helpLine = new RegExp(`^# HELP (${name}) (.+)$`);
const typeLine = new RegExp(`^# TYPE (${name}) (counter|gauge|histogram)$`);
const label = '[a-zA-Z_][a-zA-Z0-9_]*="[^"\\\\]*"';
const valueLine = new RegExp(`^(${name})((?:\\{${label}(?:,${label})*\\})?) (-?[0-9.]+(?:e[+-]?[0-9]+)?)$`);

export function readMetrics(text: string): Measured {
  assert.ok(text.endsWith("\n"));
  const values = new Map<string, number>();
  const families = new Map<string, { type: string; help: string }>();
  let help: { readonly family: string; readonly text: string } | undefined;
  let family = "";
  for (const line of text.slice(0, -1).split("\n")) {
    const [, helpOf, helpText] = helpLine.exec(line) ?? [];
    const [, typeOf, type] = typeLine.exec(line) ?? [];
    if (helpOf !== undefined && helpText !== undefined) {
      help = { family: helpOf, text: helpText };
    } else if (typeOf !== undefined && type !== undefined) {
      assert.equal(help?.family, typeOf, line);
      assert.ok(!families.has(typeOf), `${typeOf} comes twice`);
      families.set(typeOf, { type, help: help.text });
      family = typeOf;
    } else {
      const [, of = "", labels = "", value] = valueLine.exec(line) ?? [];
      assert.ok(value !== undefined, `no line of the format: ${line}`);
      const suffix = families.get(family)?.type === "histogram" ? /^_(?:bucket|sum|count)$/ : /^$/;
      assert.ok(of.startsWith(family), `${line} is not of ${family}`);
      assert.match(of.slice(family.length), suffix, line);
      assert.ok(!values.has(of + labels), `${of}${labels} comes twice`);
      values.set(of + labels, Number(value));
    }
  }
  return { values, families };
}
