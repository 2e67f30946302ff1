import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";
import type { WebPlace } from "../web-place.ts";
import { Icon } from "./icon.tsx";

/** The rooms and private conversations, what is new in each, and oneself. */
export function Rooms({ client }: { readonly client: WebClient }): JSX.Element {
  const { state } = client;
  const { conversations, invitation } = state;
  const open = (kind: "join" | "switch" | "settings"): void => {
    state.dialog = { kind };
    client.redraw();
  };
  return (
    <nav class="rooms" aria-label="Rooms and conversations">
      <header>
        <p class="brand">Roomful</p>
        <button
          type="button"
          class="tool"
          aria-label="Search for a room or a person"
          title="Ctrl-K"
          onClick={() => open("switch")}
        >
          <Icon name="search" />
        </button>
      </header>
      <div class="lists">
        <h2 id="rooms-title">Rooms</h2>
        <ul aria-labelledby="rooms-title">
          {state.rooms.map((place) => (
            <RoomLine key={place.key} client={client} place={place} />
          ))}
        </ul>
        <button type="button" class="more" onClick={() => open("join")}>
          <Icon name="plus" /> Join or make a room
        </button>
        {invitation !== undefined && (
          <button type="button" class="more invited" onClick={() => client.join(invitation, undefined)}>
            You are invited to <bdi>{invitation}</bdi>: come in
          </button>
        )}
        {conversations.length > 0 && (
          <>
            <h2 id="conversations-title">Private</h2>
            <ul aria-labelledby="conversations-title">
              {conversations.map((place) => (
                <RoomLine key={place.key} client={client} place={place} />
              ))}
            </ul>
          </>
        )}
      </div>
      <footer>
        <button
          type="button"
          class="me"
          onClick={() => open("settings")}
          aria-label={`${state.me.name}: settings`}
        >
          <span class={state.isAway ? "dot away" : "dot"} aria-hidden="true" />
          <bdi>{state.me.name}</bdi>
          {state.isAway && <span class="about">away</span>}
        </button>
      </footer>
    </nav>
  );
}

function RoomLine({ client, place }: { readonly client: WebClient; readonly place: WebPlace }): JSX.Element {
  const { current } = client.state;
  const { unread, mentions, standing, partner } = place;
  const name = partner ?? place.name;
  const isNew = unread > 0;
  return (
    <li class="room-line">
      <button
        type="button"
        class={isNew ? "place is-new" : "place"}
        {...(place === current ? { "aria-current": "page" as const } : {})}
        onClick={() => client.lookAt(place)}
      >
        <bdi>{name}</bdi>
        {standing !== "in" && <span class="about">{standing === "asked" ? "…" : "not in it"}</span>}
        {isNew && (
          <span class={mentions > 0 || partner !== undefined ? "count mentioned" : "count"}>
            {unread > 99 ? "99+" : unread}
            <span class="unseen">{mentions > 0 ? " new, and you are mentioned" : " new"}</span>
          </span>
        )}
      </button>
      {(partner !== undefined || standing === "out") && place !== client.state.home && (
        <button
          type="button"
          class="tool close"
          aria-label={`Close ${name}`}
          onClick={() => client.close(place)}
        >
          <Icon name="close" />
        </button>
      )}
    </li>
  );
}
