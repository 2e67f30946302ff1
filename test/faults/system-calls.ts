/** A system call as strace shows it with `-f -yy -xx`: where it began and ended counts in lines of the trace. */
export interface SystemCall {
  readonly name: string;
  /** What the descriptor leads to: a path, or `TCP:[…->…]`. */
  readonly target: string;
  /** The bytes that are written, put together where there are several pieces. */
  readonly bytes: Buffer;
  readonly result: number;
  readonly began: number;
  readonly ended: number;
}

const begun = /^(\d+)\s+(\w+)\((.*)$/;
const resumed = /^(\d+)\s+<\.\.\. (\w+) resumed>(.*)$/;
const unfinished = /\s*<unfinished \.\.\.>$/;
const descriptor = /^\d+<((?:->|[^<>])*)>/;
const quoted = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g;

/** The calls of a trace in the order in which they ended. Throws where the trace does not hold all bytes. */
export function parseTrace(trace: string): readonly SystemCall[] {
  const calls: SystemCall[] = [];
  const open = new Map<string, { readonly name: string; readonly text: string; readonly began: number }>();
  for (const [line, content] of trace.split("\n").entries()) {
    const [, thread = "", name = "", text = ""] = begun.exec(content) ?? [];
    if (name !== "" && unfinished.test(text)) {
      open.set(thread, { name, text: text.replace(unfinished, ""), began: line });
      continue;
    }
    if (name !== "") {
      calls.push(callOf({ name, text, began: line }, line));
      continue;
    }
    const [, resumedThread = "", , rest = ""] = resumed.exec(content) ?? [];
    const start = open.get(resumedThread);
    if (start === undefined) continue;
    open.delete(resumedThread);
    calls.push(callOf({ ...start, text: start.text + rest }, line));
  }
  return calls;
}

function callOf(
  start: { readonly name: string; readonly text: string; readonly began: number },
  ended: number,
): SystemCall {
  const { name, text, began } = start;
  const pieces = Array.from(text.matchAll(quoted), ([, hex = "", isCut]) => {
    if (isCut !== undefined) throw new Error(`Cannot read the trace: a ${name} was cut short in it`);
    return Buffer.from(hex.replaceAll("\\x", ""), "hex");
  });
  return {
    name,
    target: unescaped(descriptor.exec(text)?.[1] ?? ""),
    bytes: Buffer.concat(pieces),
    result: Number(/\)\s+=\s+(-?\d+)[^=]*$/.exec(text)?.[1] ?? Number.NaN),
    began,
    ended,
  };
}

/** With `-xx` paths are in hexadecimal too. */
function unescaped(text: string): string {
  return text.replaceAll(/\\x([0-9a-f]{2})/g, (_match, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
