import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";
import type { WebPlace } from "../web-place.ts";
import type { Drawer } from "../web-state.ts";
import { Icon } from "./icon.tsx";
import { RichText } from "./rich-text.tsx";

/** What room it is, what it is about, and the way to its people and its past. */
export function RoomHeader({
  client,
  place,
}: {
  readonly client: WebClient;
  readonly place: WebPlace;
}): JSX.Element {
  const { state } = client;
  const { partner, topic, roster } = place;
  const toggle = (drawer: Drawer): void => {
    state.drawer = state.drawer === drawer ? undefined : drawer;
    client.redraw();
  };
  const elsewhere = state.unreadInAll - place.unread;
  return (
    <header class="room-header">
      <button
        type="button"
        class="tool for-narrow"
        aria-label={elsewhere > 0 ? `Rooms, ${elsewhere} new elsewhere` : "Rooms"}
        aria-expanded={state.drawer === "rooms"}
        onClick={() => toggle("rooms")}
      >
        <Icon name="rooms" />
        {elsewhere > 0 && <span class="badge" aria-hidden="true" />}
      </button>
      <div class="title">
        <h1>
          <bdi>{partner ?? place.name}</bdi>
        </h1>
        {topic !== "" && (
          <p class="topic" title={topic}>
            <RichText text={topic} />
          </p>
        )}
        {partner !== undefined && (
          <p class="topic">
            Between you two{state.operatorSees && ", and the operator of this server can see it"}
          </p>
        )}
      </div>
      <button
        type="button"
        class="tool"
        aria-label="Search messages"
        title="Search messages (Ctrl-Shift-F)"
        onClick={() => {
          state.dialog = { kind: "search", query: "" };
          client.redraw();
        }}
      >
        <Icon name="search" />
      </button>
      {partner === undefined && (
        <button
          type="button"
          class="tool count-of-people"
          aria-label={`People in ${place.name}: ${roster.count}`}
          aria-expanded={state.drawer === "people"}
          onClick={() => toggle("people")}
        >
          <Icon name="people" />
          <span aria-hidden="true">{roster.count}</span>
        </button>
      )}
    </header>
  );
}
