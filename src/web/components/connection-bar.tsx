import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";
import type { WebState } from "../web-state.ts";

/** Says so where there is no connection. What is said meanwhile waits. */
export function ConnectionBar({ client }: { readonly client: WebClient }): JSX.Element {
  const { state } = client;
  const text = words(state);
  const waiting = state.places.reduce((sum, { conversation }) => sum + conversation.waiting, 0);
  return (
    <p role="status" class={text === "" ? "connection is-there" : "connection"}>
      {text}
      {text !== "" && waiting > 0 && ` ${waiting} waiting to be sent.`}
      {state.isOnline && state.connection.kind === "lost" && (
        <button type="button" onClick={() => client.tryNow()}>
          Try now
        </button>
      )}
    </p>
  );
}

function words({ isOnline, connection }: WebState): string {
  if (!isOnline) return "There is no network. What you write is sent when there is.";
  switch (connection.kind) {
    case "connected":
      return "";
    case "connecting":
      return "Connecting …";
    case "leaving":
      return "Leaving …";
    case "lost":
      return `Not connected (${connection.text}). It goes on by itself; what you write is sent then.`;
  }
}
