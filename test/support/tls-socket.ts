import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";

/** A connection under TLS to a server on this machine, whoever vouches for its certificate. */
export async function connectTls(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const usual = { host: "127.0.0.1", rejectUnauthorized: false, allowHalfOpen: true };
  const socket = connect({ port, ...usual, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** The certificate that a server shows, by its SHA-256 fingerprint. */
export async function shownFingerprint(port: number): Promise<string> {
  const socket = await connectTls(port);
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

/** Where this machine reaches itself as another one would; `undefined` where it has no such address. */
export const otherAddress: string | undefined = Object.values(networkInterfaces())
  .flatMap((all) => all ?? [])
  .find(({ internal, family }) => !internal && family === "IPv4")?.address;
