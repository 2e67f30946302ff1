import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useReducer, useRef } from "preact/hooks";
import { Announcer } from "./components/announcer.tsx";
import { Composer } from "./components/composer.tsx";
import { ConnectionBar } from "./components/connection-bar.tsx";
import { EntryPage } from "./components/entry.tsx";
import { Icon } from "./components/icon.tsx";
import { LazyDialogs } from "./components/lazy-dialogs.tsx";
import { People } from "./components/people.tsx";
import { RoomHeader } from "./components/room-header.tsx";
import { Rooms } from "./components/rooms.tsx";
import { MessageList } from "./list/message-list.tsx";
import { pageKey } from "./page-keys.ts";
import type { WebClient } from "./web-client.ts";

interface AppProps {
  readonly client: WebClient;
  /** Calls what it is given whenever something is to be shown otherwise. */
  readonly watch: (redraw: () => void) => void;
}

/** The page. */
export function App({ client, watch }: AppProps): JSX.Element {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  // Before anything can happen that it would miss.
  useLayoutEffect(() => watch(() => redraw(undefined)), []);
  const { state } = client;
  const { entry, ended } = state;
  const title = titleOf(client);
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (ended !== undefined) return <Ended text={ended} />;
  return entry === undefined ? <Chat client={client} /> : <EntryPage client={client} entry={entry} />;
}

function Chat({ client }: { readonly client: WebClient }): JSX.Element {
  const { state } = client;
  const place = state.current;
  const { drawer } = state;
  const box = useRef<HTMLTextAreaElement>(null);
  const main = useRef<HTMLElement>(null);
  const toBox = (): void => {
    box.current?.focus();
    client.redraw();
  };
  const toMessages = (): void => {
    main.current?.querySelector<HTMLElement>(".row[tabindex='0']")?.focus();
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (
        pageKey(event, { client, box: box.current, list: main.current?.querySelector(".messages") ?? null })
      )
        event.preventDefault();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
  return (
    <div class={drawer === undefined ? "chat" : `chat shows-${drawer}`}>
      <Rooms client={client} />
      <main ref={main} aria-label={place.partner ?? place.name}>
        <RoomHeader client={client} place={place} />
        <ConnectionBar client={client} />
        <MessageList key={place.key} client={client} place={place} leave={toBox} />
        {place.scrolled !== undefined && (
          <button
            type="button"
            class="to-newest"
            onClick={() => {
              client.toNewest();
              toBox();
            }}
          >
            <Icon name="down" />
            {place.unread > 0 ? `${place.unread} new` : "To the newest"}
          </button>
        )}
        <Composer client={client} place={place} box={box} toMessages={toMessages} />
      </main>
      {place.partner === undefined && <People client={client} place={place} />}
      {drawer !== undefined && (
        <button
          type="button"
          class="behind"
          aria-label="Close the list"
          onClick={() => {
            state.drawer = undefined;
            toBox();
          }}
        />
      )}
      <Announcer place={place} me={state.me.id} />
      <LazyDialogs client={client} />
    </div>
  );
}

function Ended({ text }: { readonly text: string }): JSX.Element {
  return (
    <main class="entry">
      <div class="ended">
        <h1>Roomful</h1>
        <p role="alert">{text}</p>
        <button type="button" class="primary" onClick={() => location.reload()}>
          Come in again
        </button>
      </div>
    </main>
  );
}

function titleOf({ state }: WebClient): string {
  if (state.entry !== undefined) return "Roomful";
  const { current, unreadInAll } = state;
  const count = unreadInAll > 0 ? `(${unreadInAll}) ` : "";
  return `${count}${current.partner ?? current.name} · Roomful`;
}
