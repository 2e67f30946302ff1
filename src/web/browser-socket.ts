import type { OpenSocket } from "../client/socket.ts";

/** A connection by the browser's own `WebSocket`, which answers pings by itself and tells nobody of them. */
export const openBrowserSocket: OpenSocket = (url, events) => {
  let over = false;
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => over || events.opened());
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    if (!over && typeof data === "string") events.frame(data);
  });
  socket.addEventListener("close", () => {
    if (over) return;
    over = true;
    events.closed(undefined);
  });
  return {
    send: (frame) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame);
    },
    // A page cannot ping; what the server says at each heartbeat shows that it is there.
    ping: () => undefined,
    close: () => socket.close(),
    terminate: () => {
      over = true;
      socket.close();
    },
  };
};
