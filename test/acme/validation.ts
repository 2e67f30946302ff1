import { createHash } from "node:crypto";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import * as x509 from "@peculiar/x509";

/** What an authority looks for, and where: at the port of the server that is tested, in place of 80 or 443. */
export interface Sought {
  readonly host: string;
  readonly port: number;
  readonly domain: string;
  readonly token: string;
  readonly keyAuthorization: string;
}

/** Whether a challenge is answered, or what is wrong. */
export type Validation = (sought: Sought) => Promise<string | undefined>;

const patienceMs = 10_000;
/** OCTET STRING, 32 bytes. */
const digestHeader = "0420";

/** RFC 8555, section 8.3. */
async function http01({ host, port, domain, token, keyAuthorization }: Sought): Promise<string | undefined> {
  const request = get({
    host,
    port,
    path: `/.well-known/acme-challenge/${token}`,
    headers: { Host: domain },
    agent: false,
    signal: AbortSignal.timeout(patienceMs),
  });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const body = await text(response);
  if (response.statusCode !== 200) return `the answer has the status ${response.statusCode}`;
  return body.trimEnd() === keyAuthorization ? undefined : `the answer is ${JSON.stringify(body)}`;
}

/** RFC 8737, section 3. */
async function tlsAlpn01({ host, port, domain, keyAuthorization }: Sought): Promise<string | undefined> {
  const options = { host, port, servername: domain, rejectUnauthorized: false };
  const socket = connect({ ...options, ALPNProtocols: ["acme-tls/1"] });
  const signal = AbortSignal.timeout(patienceMs);
  await once(socket, "secureConnect", { signal });
  const { alpnProtocol } = socket;
  const { raw } = socket.getPeerCertificate();
  // The server has nothing more to say.
  socket.resume();
  if (!socket.destroyed) await once(socket, "close", { signal });
  if (alpnProtocol !== "acme-tls/1") return `${String(alpnProtocol)} was agreed on`;
  const shown = new x509.X509Certificate(new Uint8Array(raw));
  const names = shown.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON();
  if (JSON.stringify(names) !== JSON.stringify([{ type: "dns", value: domain }])) return "another name";
  const identifier = shown.getExtension("1.3.6.1.5.5.7.1.31");
  const digest = createHash("sha256").update(keyAuthorization).digest("hex");
  if (identifier === null || !identifier.critical) return "no critical acmeIdentifier";
  return Buffer.from(identifier.value).toString("hex") === `${digestHeader}${digest}`
    ? undefined
    : "another acmeIdentifier";
}

export const validations: Readonly<Record<"http-01" | "tls-alpn-01", Validation>> = {
  "http-01": http01,
  "tls-alpn-01": tlsAlpn01,
};
