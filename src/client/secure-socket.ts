import { isIP } from "node:net";
import { connect, createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import type { OpenSocket, Socket } from "./socket.ts";
import { judge, type Trust } from "./trust.ts";
import { openWebSocket, problemOf, webSocketOver } from "./ws-socket.ts";

/** Where to go, and what is known of it. */
export interface TlsMeans {
  readonly host: string;
  readonly port: number;
  /** From earlier visits. */
  readonly known: () => Trust | undefined;
  readonly remember: (trust: Trust) => void;
  /** Whether another certificate than before is taken, and a connection in clear where there was TLS before. */
  readonly acceptsCertificate: boolean;
  readonly acceptsClear: boolean;
  /** Called where nothing was sent, since the server is not to be trusted; `undefined`: now it is. */
  readonly distrusted: (why: Distrust | undefined) => void;
}

export type Distrust =
  | { readonly kind: "another-certificate"; readonly before: Trust; readonly now: string }
  | { readonly kind: "no-tls" };

/** What the one who looks on is told. */
export interface TlsEvents {
  /** How a connection goes on from here. */
  readonly secured: (isTls: boolean) => void;
  /** This certificate was seen for the first time, and is remembered. */
  readonly pinned: (fingerprint: string) => void;
}

/** What TLS makes of an answer that is none of its own, and of none at all. */
const withoutTls: ReadonlySet<string> = new Set([
  "ECONNRESET",
  "EPIPE",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_HTTP_REQUEST",
]);

const distrustWords: Readonly<Record<Distrust["kind"], string>> = {
  "another-certificate": "its certificate is another one than before",
  "no-tls": "it did not answer by TLS, as it did before",
};

let authorities: SecureContext | undefined;

/**
 * Tries TLS first, and goes on in clear where the server does not speak it and never did. Nothing is sent before the
 * certificate has been judged.
 */
export function secureOpener(means: TlsMeans, told: TlsEvents): OpenSocket {
  const { host, port } = means;
  return (url, events) => {
    let socket: Socket | undefined;
    let over = false;
    let isConnected = false;
    const distrust = (why: Distrust): void => {
      over = true;
      tls.destroy();
      means.distrusted(why);
      // A server that is being restarted behind something that is not, does not answer for a while.
      events.closed(distrustWords[why.kind], { isFinal: why.kind !== "no-tls" });
    };
    authorities ??= createSecureContext({
      ca: [...getCACertificates("default"), ...getCACertificates("system")],
    });
    const tls = connect({
      host,
      port,
      secureContext: authorities,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // It is judged below.
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    });
    tls.once("connect", () => {
      isConnected = true;
    });
    tls.once("secureConnect", () => {
      if (over) return;
      const { fingerprint256: fingerprint } = tls.getPeerCertificate();
      const verdict = judge(
        { isVouched: tls.authorized, fingerprint },
        means.known(),
        means.acceptsCertificate,
      );
      if (verdict.kind === "refused") {
        distrust({ kind: "another-certificate", before: verdict.before, now: fingerprint });
        return;
      }
      means.distrusted(undefined);
      if (verdict.remember !== undefined) means.remember(verdict.remember);
      if (verdict.remember?.kind === "pinned") told.pinned(fingerprint);
      told.secured(true);
      socket = webSocketOver(() => tls)(url, events);
    });
    tls.on("error", (error: NodeJS.ErrnoException) => {
      if (over || socket !== undefined) return;
      if (!isConnected || !withoutTls.has(error.code ?? "")) {
        over = true;
        events.closed(problemOf(error));
      } else if (means.known() !== undefined && !means.acceptsClear) {
        distrust({ kind: "no-tls" });
      } else {
        told.secured(false);
        socket = openWebSocket(url, events);
      }
    });
    return {
      send: (frame) => socket?.send(frame),
      ping: (answered) => socket?.ping(answered),
      close: () => {
        if (socket !== undefined) socket.close();
        else tls.destroy();
      },
      terminate: () => {
        over = true;
        tls.destroy();
        socket?.terminate();
      },
    };
  };
}
