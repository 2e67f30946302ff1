import type { Instant } from "../chat/event.ts";
import { errorLine } from "../protocols/line/render.ts";
import type { Settings } from "./settings.ts";

/** Whether a connection has to be under TLS, and is not. */
export function refusesClear(
  { tls }: Pick<Settings, "tls">,
  { isProtected }: { readonly isProtected: boolean },
): boolean {
  return tls === "required" && !isProtected;
}

/** What somebody is told who comes in clear text where TLS is required; `where`: `HOST:PORT` that he came to. */
export function clearRefusal(door: "line" | "irc", { at, where }: { at: Instant; where: string }): Buffer {
  const how = `openssl s_client -quiet -connect ${where}, or npm run join -- NAME@${where}`;
  switch (door) {
    case "line":
      return Buffer.from(errorLine(at, `This server is spoken to by TLS. Come in with ${how}`));
    case "irc":
      return Buffer.from(
        `ERROR :This server is spoken to by TLS: switch it on, on the same port (${where})\r\n`,
      );
  }
}
