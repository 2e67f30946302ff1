import { createServer, type Server, type Socket } from "node:net";
import type { Settings } from "./settings.ts";

const keepAliveMs = 60_000;
const backlogConnections = 4096;

/** A listener whose connections are handed to `accept`; it does not listen yet. */
export function createListener(accept: (socket: Socket) => void): Server {
  const listener = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: keepAliveMs,
  });
  listener.on("connection", accept);
  return listener;
}

/** Where to listen, and how. */
export interface ListenOptions {
  /** `undefined`: all interfaces, IPv4 and IPv6. */
  readonly host: string | undefined;
  readonly port: number;
  /** Whether other threads listen there as well; the system shares connections out. */
  readonly shared?: boolean;
}

/** Where a listener listens, or the code of the error that kept it from it. */
export type Listening = { readonly host: string; readonly port: number } | { readonly code: string };

export async function listen(listener: Server, options: ListenOptions): Promise<Listening> {
  const hosts = options.host === undefined ? ["::", "0.0.0.0"] : [options.host];
  let code = "";
  for (const host of hosts) {
    code = await tryListen(listener, { ...options, host });
    const address = listener.address();
    if (code === "" && typeof address === "object" && address !== null) return { host, port: address.port };
    // A machine without IPv6 has no `::`.
    if (host !== "::" || (code !== "EAFNOSUPPORT" && code !== "EADDRNOTAVAIL")) break;
  }
  return { code };
}

/** The code of the error, or `""` where it listens. */
function tryListen(listener: Server, { host, port, shared = false }: ListenOptions): Promise<string> {
  return new Promise((resolve) => {
    const failed = (error: NodeJS.ErrnoException): void => resolve(error.code ?? error.message);
    listener.once("error", failed);
    listener.listen({ host, port, backlog: backlogConnections, reusePort: shared }, () => {
      listener.off("error", failed);
      resolve("");
    });
  });
}

/** A sentence that names the option to change. */
export function listenProblem(code: string, settings: Settings): string {
  const { host, port } = settings;
  switch (code) {
    case "EADDRINUSE":
      return `Cannot listen on --port: ${port} is in use by another program; choose another, or end that one`;
    case "EACCES":
      return `Cannot listen on --port: ${port} needs more rights than this user has (try one above 1023)`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `Cannot listen on --host: "${host}" is no address of this machine`;
    case "ENOTSUP":
      return "Cannot use --workers: this system does not let several threads share a port; 1 is wanted here";
    default:
      return `Cannot listen on --host "${host ?? "all interfaces"}" and --port ${port}: ${code}`;
  }
}
