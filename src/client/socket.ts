/** A connection to a server's WebSocket door. After `terminate` nothing of it is reported any more. */
export interface Socket {
  /** Writes one frame. Does nothing where the connection is closed or closing. */
  send(frame: string): void;
  /** Calls `answered` when the other side has answered this. Does nothing as long as one is not answered. */
  ping(answered: () => void): void;
  /** Says goodbye; `closed` follows when the server has answered. */
  close(): void;
  terminate(): void;
}

export interface SocketEvents {
  opened(): void;
  frame(text: string): void;
  /** Something came in, be it only a part of a frame. */
  alive(): void;
  /**
   * Once, and nothing after it. `problem`: a few words for people, where it was not an orderly close. `isFinal`: it is
   * not to be tried again.
   */
  closed(problem: string | undefined, how?: { readonly isFinal: boolean }): void;
}

/** Begins to connect; never throws. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;
