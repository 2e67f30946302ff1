import { type ServerAddress, showServerAddress } from "../client/address.ts";
import type { Distrust, TlsMeans } from "../client/secure-socket.ts";
import type { Visits } from "./visits.ts";

/** What the command line says of trust. */
export interface TrustOptions {
  readonly acceptsCertificate: boolean;
  readonly acceptsClear: boolean;
}

/** The TLS of one server: what is remembered of it, and why it was not trusted. */
export class ServerTrust {
  readonly means: TlsMeans;
  readonly #where: string;
  #distrust: Distrust | undefined;

  constructor(server: ServerAddress, visits: Visits, options: TrustOptions) {
    this.#where = showServerAddress(server);
    this.means = {
      host: server.host,
      port: server.port,
      known: () => visits.trust,
      remember: (trust) => visits.trustFromNowOn(trust),
      ...options,
      distrusted: (why) => {
        this.#distrust = why;
      },
    };
  }

  /** Says at length why nothing was sent, and what to do; the terminal is the client's until then. */
  report(stderr: NodeJS.WriteStream): void {
    if (this.#distrust !== undefined) stderr.write(distrustText(this.#distrust, this.#where));
  }
}

function distrustText(why: Distrust, where: string): string {
  switch (why.kind) {
    case "another-certificate": {
      const before =
        why.before.kind === "vouched" ? "one that an authority vouched for" : why.before.fingerprint;
      return `
roomful: ${where} shows another certificate than before. Nothing was sent to it.
  before  ${before}
  now     ${why.now}
Either its operator has changed it, or somebody is between you and the server. The operator can tell: the server
prints its fingerprint (SHA-256) when it starts. If it is the second one, join once with --accept-certificate.
`;
    }
    case "no-tls":
      return `
roomful: ${where} spoke TLS before, and now did not. Nothing was sent to it.
Either its operator has switched it off, or it is not up, or somebody is between you and the server and wants to read along. To
join all the same, in clear text: --insecure.
`;
  }
}
