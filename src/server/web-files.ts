import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";

/** How a file may be written out, the smallest first. */
const encodings = ["br", "gzip"] as const;
type Encoding = (typeof encodings)[number];

const compress: Readonly<Record<Encoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: promisify(brotliCompress),
  gzip: promisify(gzip),
};

/** By the names of files: their types, and whether it is worth compressing them. */
const types: Readonly<Record<string, { readonly type: string; readonly isText: boolean }>> = {
  ".html": { type: "text/html; charset=utf-8", isText: true },
  ".js": { type: "text/javascript; charset=utf-8", isText: true },
  ".css": { type: "text/css; charset=utf-8", isText: true },
  ".json": { type: "application/json", isText: true },
  ".webmanifest": { type: "application/manifest+json", isText: true },
  ".svg": { type: "image/svg+xml", isText: true },
  ".png": { type: "image/png", isText: false },
  ".ico": { type: "image/x-icon", isText: false },
  ".woff2": { type: "font/woff2", isText: false },
};

/** Below it the headers outweigh what compressing saves. */
const minCompressedBytes = 512;

/** A file of the web client. */
export class WebFile {
  readonly type: string;
  /** RFC 9110, section 8.8.3. */
  readonly etag: string;
  /** Whether another content would have another name, so that it can be kept for good. */
  readonly isHashed: boolean;
  readonly #bytes: Buffer;
  readonly #isCompressed: boolean;
  readonly #encoded = new Map<Encoding, Promise<Buffer>>();

  constructor(path: string, bytes: Buffer) {
    const { type, isText } = types[extname(path)] ?? { type: "application/octet-stream", isText: false };
    this.type = type;
    this.etag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
    this.isHashed = path.startsWith("/assets/");
    this.#bytes = bytes;
    this.#isCompressed = isText && bytes.length >= minCompressedBytes;
  }

  /** Its bytes in the best way that a request's `Accept-Encoding` has. Each is compressed once, off this thread. */
  async encoded(
    accepted: string,
  ): Promise<{ readonly bytes: Buffer; readonly encoding: Encoding | undefined }> {
    const encoding = this.#isCompressed ? encodings.find((one) => isAccepted(one, accepted)) : undefined;
    if (encoding === undefined) return { bytes: this.#bytes, encoding };
    let bytes = this.#encoded.get(encoding);
    if (bytes === undefined) {
      bytes = compress[encoding](this.#bytes);
      this.#encoded.set(encoding, bytes);
    }
    return { bytes: await bytes, encoding };
  }
}

/** RFC 9110, section 12.5.3; what is named with `q=0` is not wanted. */
function isAccepted(encoding: Encoding, accepted: string): boolean {
  return accepted.split(",").some((one) => {
    const [name = "", ...parameters] = one.split(";").map((part) => part.trim().toLowerCase());
    return name === encoding && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
  });
}

/** The files of the web client by their paths, `/` for the page itself. All are in memory: they are few and small. */
export function readWebFiles(folder: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>();
  for (const path of pathsBelow(folder)) {
    files.set(path === "/index.html" ? "/" : path, new WebFile(path, readFileSync(join(folder, path))));
  }
  return files;
}

/** None where there is no such folder: the web client has not been built. */
function pathsBelow(folder: string): readonly string[] {
  try {
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length).replaceAll("\\", "/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
