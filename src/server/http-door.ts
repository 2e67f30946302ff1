import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isIP, isIPv6 } from "node:net";
import { hostname } from "node:os";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { websocketPath } from "../protocols/websocket/messages.ts";
import { type ChallengeAnswer, challengePath } from "./acme/challenge.ts";
import { AddressList } from "./address-list.ts";
import { refusesClear } from "./clear-refusal.ts";
import { type Connection, connectionOfSocket, type DoorSession } from "./connection.ts";
import type { Dialect } from "./dialect.ts";
import { ircSubprotocolOf, ircSubprotocols } from "./irc/irc-websocket-door.ts";
import type { Inspected, Inspection } from "./monitor.ts";
import type { Settings } from "./settings.ts";
import { readWebFiles, type WebFile } from "./web-files.ts";
import { sendWebFile } from "./web-page.ts";

/** What one websocket message may hold in memory before it is whole; the library's own defaults are far higher. */
const frameLimits = { maxPayload: 64 * 1024, maxFragments: 16 };
const websocketOptions = {
  noServer: true,
  clientTracking: false,
  ...frameLimits,
  perMessageDeflate: false,
};
const maxHeaderBytes = 16 * 1024;

interface HttpDoorMeans {
  readonly settings: Settings;
  /** Called with the socket that a websocket lives on, and what is spoken over it. */
  readonly upgraded: (socket: Duplex, websocket: WebSocket, speaks: "chat" | "irc") => void;
  /** Answers for the whole server. */
  readonly inspect: (what: Inspection) => Promise<Inspected>;
}

/**
 * HTTP on the one port: the web client, and for who is no browser a text that says how to come in; what a monitor
 * asks (`/health`, `/metrics`); and the upgrade to the websocket door, or to the IRC door where its subprotocols are offered.
 * Everything else is answered with a 4xx and closed; no part of a request is ever taken for chat.
 */
export class HttpDoor {
  readonly #server: Server;
  readonly #websockets: WebSocketServer;
  readonly #ircWebsockets: WebSocketServer;
  readonly #settings: Settings;
  readonly #inspect: HttpDoorMeans["inspect"];
  readonly #monitors: AddressList;
  readonly #files: ReadonlyMap<string, WebFile>;
  /** What is found at which path. */
  #challenges: ReadonlyMap<string, string> = new Map();

  constructor({ settings, upgraded, inspect }: HttpDoorMeans) {
    this.#settings = settings;
    this.#inspect = inspect;
    this.#monitors = new AddressList(settings.monitorFrom);
    this.#files = readWebFiles(settings.webFolder);
    this.#websockets = new WebSocketServer(websocketOptions);
    this.#ircWebsockets = new WebSocketServer({
      ...websocketOptions,
      handleProtocols: (offered) => ircSubprotocolOf(offered) ?? false,
    });
    const options = { maxHeaderSize: maxHeaderBytes, shouldUpgradeCallback: asksForWebSocket };
    this.#server = createServer(options, (request, response) => this.#answer(request, response));
    this.#server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const refusal = this.#refuseRequest(request) ?? this.#refuseClear(request) ?? refuseUpgrade(request);
      if (refusal !== undefined) {
        socket.end(rawResponse(refusal));
        return;
      }
      const speaks = pathOf(request) === websocketPath ? "chat" : "irc";
      const websockets = speaks === "chat" ? this.#websockets : this.#ircWebsockets;
      websockets.handleUpgrade(request, socket, head, (websocket) => upgraded(socket, websocket, speaks));
    });
    this.#server.on("connect", (_request, socket: Duplex) => {
      socket.end(rawResponse({ status: 405, text: "This is a chat server and no proxy" }));
    });
    this.#server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
      if (socket.writable) socket.end(rawResponse(refuseBroken(error)));
      else socket.destroy();
    });
  }

  /** Takes a connection whose first bytes are HTTP and have been put back. */
  take(connection: Connection): void {
    connection.door = httpSession(connection);
    connection.dialect = silent;
    this.#server.emit("connection", connection.socket);
    connection.socket.resume();
  }

  /** Answers these challenges of an authority, and no others. */
  challenge(answers: readonly ChallengeAnswer[]): void {
    this.#challenges = new Map(
      answers.flatMap((answer) =>
        answer.kind === "http-01" ? [[`${challengePath}${answer.token}`, answer.keyAuthorization]] : [],
      ),
    );
  }

  close(): void {
    this.#server.closeAllConnections();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    const challenge = this.#challenges.get(path);
    if (challenge !== undefined && refuseMethod(request) === undefined) {
      // The authority asks by the name that it is about, and in clear.
      response.writeHead(200, { ...securityHeaders, "Content-Type": "application/octet-stream" });
      response.end(request.method === "HEAD" ? undefined : challenge);
      return;
    }
    const inspection = inspections.get(path);
    const refusal =
      this.#refuseRequest(request) ??
      this.#sendToTls(request) ??
      this.#refuseClear(request) ??
      refuseMethod(request) ??
      (inspection === undefined ? undefined : this.#refuseMonitor(request));
    const file = this.#files.get(path);
    if (refusal !== undefined) {
      refuse(response, refusal);
    } else if (inspection !== undefined) {
      void this.#inspect(inspection).then((inspected) => respond(response, inspected));
    } else if (file !== undefined && (path !== "/" || wantsPage(request))) {
      // Without memory to compress it, say: this connection ends, and the others go on.
      sendWebFile(response, file).catch(() => response.destroy());
    } else if (path === "/") {
      respond(response, { status: 200, type: plainText, body: `${this.#howToComeIn(request)}\n` });
    } else {
      refuse(response, { status: 404, text: "There is nothing here. Try /" });
    }
  }

  /**
   * What happens in the server is told on this machine, and where the operator said so. A proxy on this machine
   * hands on requests from anywhere: where it says that it does, they are not taken for the machine's own.
   */
  #refuseMonitor({ headers, socket }: IncomingMessage): Refused | undefined {
    const isHandedOn = headers.forwarded !== undefined || headers["x-forwarded-for"] !== undefined;
    const { address, isLocal } = connectionOfSocket(socket);
    if (this.#monitors.has(address.host) || (isLocal && !isHandedOn)) return undefined;
    return {
      status: 403,
      text: "This is told to this machine only. Its operator can let others ask with --monitor-from ADDRESSES",
    };
  }

  /**
   * A page from elsewhere must not talk to this server through somebody's browser: neither under a name that
   * was made to point here (Host), nor from its own origin (Origin).
   */
  #refuseRequest(request: IncomingMessage): Refused | undefined {
    const { host, origin } = request.headers;
    if (host !== undefined && !this.#isOwnHost(host)) {
      return {
        status: 421,
        text: "This server does not go by that name. Its operator can add it with --allow-host NAME",
      };
    }
    if (origin !== undefined && originHost(origin) !== host?.toLowerCase()) {
      return { status: 403, text: "Pages of other sites may not talk to this server" };
    }
    return undefined;
  }

  /** Where TLS is required, whoever asks for a page finds it there, on the same port. */
  #sendToTls(request: IncomingMessage): Refused | undefined {
    const { method, url = "/", headers } = request;
    if (!refusesClear(this.#settings, connectionOfSocket(request.socket))) return undefined;
    if ((method !== "GET" && method !== "HEAD") || headers.host === undefined || !url.startsWith("/")) {
      return undefined;
    }
    const location = `https://${headers.host}${url}`;
    return { status: 308, text: `Roomful: this server is spoken to by TLS, at ${location}`, location };
  }

  #refuseClear(request: IncomingMessage): Refused | undefined {
    if (!refusesClear(this.#settings, connectionOfSocket(request.socket))) return undefined;
    return { status: 426, text: "This server is spoken to by TLS, on the same port", upgrade: toTls };
  }

  #isOwnHost(host: string): boolean {
    const name = host.toLowerCase().replace(/:\d*$/, "").replace(/\.$/, "");
    if (isIP(name) !== 0 || isIPv6(/^\[(.*)\]$/.exec(name)?.[1] ?? "")) return true;
    const own = hostname().toLowerCase();
    const { allowedHosts, acmeDomains } = this.#settings;
    const names = ["localhost", own, `${own}.local`, ...allowedHosts, ...acmeDomains];
    // The page repeats the name, so that only what a name is made of may stand in it.
    return names.includes(name) || /^[\w.-]+\.localhost$/.test(name);
  }

  #howToComeIn(request: IncomingMessage): string {
    const host = request.headers.host ?? "HOST:PORT";
    const s = connectionOfSocket(request.socket).isTls ? "s" : "";
    const [, name = host, port = "80"] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    return [
      "Roomful: a group chat. Come in by the door you like:",
      "",
      this.#files.has("/")
        ? `  browser         http${s}://${host}/`
        : "  browser         not here: this server was put up without it (npm run build:web)",
      `  netcat          nc ${name.replace(/[[\]]/g, "")} ${port}`,
      `  telnet          telnet ${name.replace(/[[\]]/g, "")} ${port}`,
      `  our client      npm run join -- NAME@${name}:${port}`,
      `  IRC             server ${name.replace(/[[\]]/g, "")}, port ${port}, room #lobby`,
      `  programs        a WebSocket at ws${s}://${host}${websocketPath}`,
      "",
      "With netcat and telnet the first line that you send is your name.",
    ].join("\n");
  }
}

type Headers = Readonly<Record<string, string>>;

interface Refused {
  readonly status: 308 | 400 | 403 | 404 | 405 | 421 | 426 | 431;
  readonly text: string;
  /** With a 308. */
  readonly location?: string;
  /** With a 426, where it is not to a websocket. */
  readonly upgrade?: string;
}

/** https://www.rfc-editor.org/rfc/rfc2817#section-4.2 */
const toTls = "TLS/1.2, HTTP/1.1";
const plainText = "text/plain; charset=utf-8";
const inspections: ReadonlyMap<string, Inspection> = new Map([
  ["/health", "health"],
  ["/metrics", "metrics"],
]);

const securityHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
  "Cache-Control": "no-store",
} as const;

const statusTexts: Readonly<Record<Refused["status"], string>> = {
  308: "Permanent Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  421: "Misdirected Request",
  426: "Upgrade Required",
  431: "Request Header Fields Too Large",
};

/** Any other upgrade that is offered (as to HTTP/2) may be passed over, and the request answered as it is. */
function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

function refuseBroken(error: NodeJS.ErrnoException): Refused {
  if (error.code === "HPE_HEADER_OVERFLOW") {
    return { status: 431, text: `The headers are longer than ${maxHeaderBytes} bytes` };
  }
  return { status: 400, text: "This is not HTTP as this server knows it" };
}

/** What RFC 9110 has each of these come with, beside what every answer comes with. */
function headersOf(answer: Pick<Refused, "location" | "upgrade"> & { readonly status: number }): Headers {
  const { status, location, upgrade = "websocket" } = answer;
  if (status === 405) return { ...securityHeaders, Allow: "GET, HEAD" };
  if (location !== undefined) return { ...securityHeaders, Location: location };
  return status === 426 ? { ...securityHeaders, Upgrade: upgrade } : securityHeaders;
}

function refuseMethod(request: IncomingMessage): Refused | undefined {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return { status: 405, text: "This server answers GET and HEAD, and speaks chat by WebSocket" };
  }
  return pathOf(request) === websocketPath
    ? { status: 426, text: "Here is a WebSocket, not a page" }
    : undefined;
}

/** Browsers say that they want a page; `curl` and the like are told in words how to come in. */
function wantsPage({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes("text/html") === true;
}

/** What is refused is closed, so that nothing that follows it on the connection is taken up either. */
function refuse(response: ServerResponse, refused: Refused): void {
  response.setHeader("Connection", "close");
  respond(response, { ...refused, type: plainText, body: `${refused.text}\n` });
}

function respond(
  response: ServerResponse,
  answer: Inspected | (Refused & Pick<Inspected, "type" | "body">),
): void {
  const { status, type, body } = answer;
  response.writeHead(status, { ...headersOf(answer), "Content-Type": type });
  response.end(response.req.method === "HEAD" ? undefined : body);
}

function refuseUpgrade(request: IncomingMessage): Refused | undefined {
  if (request.method !== "GET") return { status: 405, text: "A WebSocket begins with GET" };
  const offered = (request.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
  return pathOf(request) === websocketPath || ircSubprotocolOf(offered) !== undefined
    ? undefined
    : { status: 404, text: `The WebSocket is at ${websocketPath}; for IRC offer ${ircSubprotocols[0]}` };
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? "").split("?")[0] ?? "";
}

function originHost(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function rawResponse(refused: Refused): string {
  const body = `${refused.text}\n`;
  return [
    `HTTP/1.1 ${refused.status} ${statusTexts[refused.status]}`,
    ...Object.entries(headersOf(refused)).map(([name, value]) => `${name}: ${value}`),
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

/** Whoever only asks for a page is told nothing that happens in the chat. */
const silent: Dialect = {
  showsOwn: false,
  room: () => "",
  personal: () => [],
  pack: () => ({ bytes: Buffer.alloc(0), ends: [] }),
};

function httpSession(connection: Connection): DoorSession {
  return {
    protocol: "http",
    receive: () => undefined,
    end: () => undefined,
    answered: () => undefined,
    looked: () => undefined,
    told: () => undefined,
    drained: () => undefined,
    close: () => connection.socket.destroy(),
  };
}
