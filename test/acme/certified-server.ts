import assert from "node:assert/strict";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { get } from "node:https";
import { text } from "node:stream/consumers";
import type { TestContext } from "node:test";
import { type RunningServer, type RunningServerOptions, runServer } from "../support/running-server.ts";
import type { AcmeServer } from "./acme-server.ts";

/** What the console shows when `localhost` is certified. */
export const obtained =
  /^\[INFO\] A certificate for localhost was obtained: good until 20\S+Z, SHA-256 [A-F\d:]{95}$/m;

/** A server that asks the authority for a certificate for `localhost`, where its settings say nothing else. */
export async function runCertified(
  t: TestContext,
  authority: AcmeServer,
  options: RunningServerOptions = {},
): Promise<RunningServer> {
  const usual = { acmeDomains: ["localhost"], acmeDirectory: authority.directory };
  const server = await runServer(t, { ...options, settings: { ...usual, ...options.settings } });
  authority.port.resolve(server.port);
  t.after(() => assert.deepEqual(authority.faults, []));
  return server;
}

/** The server's page over HTTPS; rejects where its certificate is not the authority's for this name, or it does not go by it. */
export async function securePage(port: number, authority: AcmeServer, name = "localhost"): Promise<string> {
  const where = { host: "127.0.0.1", servername: name, port, headers: { Host: `${name}:${port}` } };
  const request = get({ ...where, ca: authority.authority.pem, agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  assert.equal(response.statusCode, 200);
  return text(response);
}
