import { hash } from "node:crypto";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type ChallengeAnswer, challengeProtocol } from "../acme/challenge.ts";
import type { Certificate } from "./certificate.ts";

const oldestVersion = "TLSv1.2";
/** What a client may say that it is going to speak; what it really speaks is found out from its first bytes. */
const protocols = ["http/1.1", "irc"];
/** OpenSSL takes no session up again without one where certificates are asked for. */
const sessionIdContext = hash("sha256", "roomful").slice(0, 32);

/** Puts TLS on connections. */
export class TlsLayer {
  #context: SecureContext;
  /** By the name that an authority asks about. */
  #challenges: ReadonlyMap<string, SecureContext> = new Map();

  constructor(certificate: Certificate) {
    this.#context = contextOf(certificate);
  }

  /** For connections from now on. */
  certify(certificate: Certificate): void {
    this.#context = contextOf(certificate);
  }

  /** Answers these challenges of an authority, and no others, to who says that it asks for them. */
  challenge(answers: readonly ChallengeAnswer[]): void {
    this.#challenges = new Map(
      answers.flatMap((answer) =>
        answer.kind === "tls-alpn-01" ? [[answer.domain, contextOf(answer.certificate)]] : [],
      ),
    );
  }

  /**
   * The server's end of TLS over a connection that nobody reads from and that was given back what was read. It
   * takes the socket over, errors and end included, and emits `secure` when the handshake is done, before any data.
   */
  over(socket: Socket): TLSSocket {
    const challenges = this.#challenges;
    return new TLSSocket(socket, {
      isServer: true,
      secureContext: this.#context,
      // Who has one may sign in with it. Nobody needs one, and it need not be vouched for.
      requestCert: true,
      rejectUnauthorized: false,
      ...(challenges.size === 0
        ? { ALPNProtocols: protocols }
        : {
            ALPNCallback(
              this: TLSSocket,
              asked: { readonly servername: string; readonly protocols: string[] },
            ) {
              const answer = challenges.get(asked.servername.toLowerCase());
              if (answer === undefined || !asked.protocols.includes(challengeProtocol)) {
                return protocols.find((protocol) => asked.protocols.includes(protocol));
              }
              this.setKeyCert(answer);
              return challengeProtocol;
            },
          }),
    });
  }
}

function contextOf({ chain, key }: Certificate): SecureContext {
  return createSecureContext({ cert: chain, key, minVersion: oldestVersion, sessionIdContext });
}
