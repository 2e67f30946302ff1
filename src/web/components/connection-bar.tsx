import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";

/** Says so where there is no connection. What is said meanwhile waits. */
export function ConnectionBar({ client }: { readonly client: WebClient }): JSX.Element {
  const { connection, places } = client.state;
  const waiting = places.reduce((sum, { conversation }) => sum + conversation.waiting, 0);
  return (
    <p role="status" class={connection.kind === "connected" ? "connection is-there" : "connection"}>
      {words(connection.kind, connection.kind === "lost" ? connection.text : "")}
      {connection.kind === "lost" && waiting > 0 && ` ${waiting} waiting to be sent.`}
      {connection.kind === "lost" && (
        <button type="button" onClick={() => client.tryNow()}>
          Try now
        </button>
      )}
    </p>
  );
}

function words(kind: "connecting" | "connected" | "leaving" | "lost", why: string): string {
  switch (kind) {
    case "connected":
      return "";
    case "connecting":
      return "Connecting …";
    case "leaving":
      return "Leaving …";
    case "lost":
      return `Not connected (${why}). It goes on by itself; what you write is sent then.`;
  }
}
