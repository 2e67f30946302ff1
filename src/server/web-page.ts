import type { ServerResponse } from "node:http";
import type { WebFile } from "./web-files.ts";

const pageHeaders = {
  "X-Content-Type-Options": "nosniff",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
} as const;

/** A file of the web client: by its name for good, or anew whenever it is another one. */
export async function sendWebFile(response: ServerResponse, file: WebFile): Promise<void> {
  const { headers, method } = response.req;
  const common = {
    ...pageHeaders,
    "Content-Security-Policy": contentSecurityPolicy(headers.host ?? ""),
    "Cache-Control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: file.etag,
    Vary: "Accept, Accept-Encoding",
  };
  if (headers["if-none-match"]?.includes(file.etag) === true) {
    response.writeHead(304, common).end();
    return;
  }
  const { bytes, encoding } = await file.encoded(headers["accept-encoding"] ?? "");
  response.writeHead(200, {
    ...common,
    ...(encoding === undefined ? {} : { "Content-Encoding": encoding }),
    "Content-Type": file.type,
    "Content-Length": bytes.length,
  });
  response.end(method === "HEAD" ? undefined : bytes);
}

/** The page runs its own script and talks to its own server, and nothing in a text can become part of it. */
function contentSecurityPolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ws://${host} wss://${host}`,
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
}
