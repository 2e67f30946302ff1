import type { Socket } from "node:net";

/** Node's handle of a socket, as far as it is used here. */
interface Handle {
  /** 0, or a negative error number. */
  writeBuffer(request: WriteRequest, bytes: Uint8Array): number;
}

/** Node's request object for a write that the system could not take at once. */
interface WriteRequest {
  buffer: Uint8Array;
  /** Called with 0, or a negative error number. */
  oncomplete: (status: number) => void;
}

interface StreamWrap {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Int32Array;
  readonly kLastWriteWasAsync: number;
}

export interface DirectWriter {
  readonly socket: Socket;
  /** What was underway has been taken, or (`false`) never will be. */
  written(ok: boolean): void;
}

const streamWrap = findStreamWrap();
/** Serves one write after the other, as long as the system takes each at once. */
let request = streamWrap && new streamWrap.WriteWrap();

/**
 * Hands bytes to the system past `socket.write`, whose bookkeeping costs a quarter of a small delivery
 * (docs/decisions/0009). Only for a socket on which nothing waits to be written.
 *
 * `taken`: the system has them. `underway`: it has a part, and the rest follows by itself, before anything that
 * is written later; `written` is called then. `failed`: the connection is broken. `unable`: this Node offers no
 * such way, and nothing was written.
 */
export function writeDirectly(
  writer: DirectWriter,
  bytes: Buffer,
): "taken" | "underway" | "failed" | "unable" {
  const handle = (writer.socket as unknown as { readonly _handle?: Handle | null })._handle;
  if (streamWrap === undefined || request === undefined || handle?.writeBuffer === undefined) return "unable";
  // As lib/internal/stream_base_commons.js has it, but that the request is made anew only when it was kept.
  if (handle.writeBuffer(request, bytes) !== 0) return "failed";
  if (streamWrap.streamBaseState[streamWrap.kLastWriteWasAsync] === 0) return "taken";
  request.buffer = bytes;
  request.oncomplete = (status) => writer.written(status === 0);
  request = new streamWrap.WriteWrap();
  return "underway";
}

/** `process.binding` is deprecated and may go; then `socket.write` does it. */
function findStreamWrap(): StreamWrap | undefined {
  try {
    const { binding } = process as unknown as { readonly binding: (name: string) => Partial<StreamWrap> };
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding("stream_wrap");
    if (WriteWrap === undefined || streamBaseState === undefined || kLastWriteWasAsync === undefined) {
      return undefined;
    }
    return { WriteWrap, streamBaseState, kLastWriteWasAsync };
  } catch {
    return undefined;
  }
}
