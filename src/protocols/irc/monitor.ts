import { upperAscii } from "../upper-ascii.ts";

/** What `MONITOR` asks for: IRCv3 monitor, "`MONITOR` Command". */
export type MonitorRequest =
  | { readonly kind: "add" | "remove"; readonly targets: readonly string[] }
  | { readonly kind: "clear" }
  | { readonly kind: "list" }
  | { readonly kind: "status" };

/** `undefined`: there is no such modifier, or it lacks its targets. */
export function parseMonitor(params: readonly string[]): MonitorRequest | undefined {
  const [modifier = "", list = ""] = params;
  switch (upperAscii(modifier)) {
    case "+":
      return withTargets("add", list);
    case "-":
      return withTargets("remove", list);
    case "C":
      return { kind: "clear" };
    case "L":
      return { kind: "list" };
    case "S":
      return { kind: "status" };
    default:
      return undefined;
  }
}

function withTargets(kind: "add" | "remove", list: string): MonitorRequest | undefined {
  const targets = list.split(",").filter((target) => target !== "");
  return targets.length === 0 ? undefined : { kind, targets };
}
