import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import type { Clock } from "../clock.ts";
import { AcmeError } from "./acme-error.ts";

const timeLimitMs = 30_000;
const maxBodyBytes = 1024 * 1024;

export interface ExchangeRequest {
  readonly method: "GET" | "HEAD" | "POST";
  readonly url: string;
  /** A signed one. */
  readonly body?: string;
}

export interface ExchangeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ExchangeMeans {
  readonly clock: Clock;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/**
 * Asks an authority something, on a connection of its own. Redirects are answers like others.
 *
 * @throws AcmeError where no answer came in time, or one that is too long.
 */
export async function exchange(
  { method, url, body }: ExchangeRequest,
  { clock, signal }: ExchangeMeans,
): Promise<ExchangeAnswer> {
  if (!URL.canParse(url) || new URL(url).protocol !== "https:") {
    throw new AcmeError(`names ${JSON.stringify(url)}, which is no https URL`);
  }
  const late = new AbortController();
  const timer = clock.after(timeLimitMs, () => late.abort());
  try {
    const headers = {
      "User-Agent": "Roomful",
      ...(body !== undefined && {
        "Content-Type": "application/jose+json",
        "Content-Length": Buffer.byteLength(body),
      }),
    };
    const either = AbortSignal.any([signal, late.signal]);
    const asked = request(url, { method, headers, agent: false, signal: either });
    asked.end(body);
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    return { status: response.statusCode ?? 0, headers: response.headers, body: await bodyOf(response) };
  } catch (error) {
    if (error instanceof AcmeError || signal.aborted) throw error;
    if (late.signal.aborted) {
      throw new AcmeError(`did not answer within ${timeLimitMs / 1000} seconds (${url})`, { cause: error });
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new AcmeError(`cannot be asked at ${url}: ${reason}`, { cause: error });
  } finally {
    timer.cancel();
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop destroys the connection.
    if (bytes > maxBodyBytes) throw new AcmeError(`answered with more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
