import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { isRoom } from "../../chat/event.ts";
import { foundTitle } from "../../protocols/line/found.ts";
import type { WireEvent, WireHit } from "../../protocols/websocket/messages.ts";
import { hueClass } from "../hue.ts";
import { clockOf, dayOf } from "../times.ts";
import type { WebClient } from "../web-client.ts";
import { Dialog } from "./dialog.tsx";
import { RichText } from "./rich-text.tsx";

/** Searches all that one may read. */
export function SearchDialog({
  client,
  query,
  close,
}: {
  readonly client: WebClient;
  readonly query: string;
  readonly close: () => void;
}): JSX.Element {
  const [wanted, setWanted] = useState(query);
  const [problem, setProblem] = useState("");
  const { found, isSearching } = client.state;
  const show = async (event: WireEvent): Promise<void> => {
    if (await client.show(event)) close();
    else setProblem("That message is too far back to scroll there. What stands around it is shown here.");
  };
  return (
    <Dialog title="Search messages" close={close}>
      <form
        role="search"
        class="beside-each-other"
        onSubmit={(event) => {
          event.preventDefault();
          setProblem("");
          client.search(wanted);
        }}
      >
        <input
          type="search"
          aria-label="Search for"
          placeholder="lunch from:Bob"
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
        <button type="submit" class="primary">
          Search
        </button>
      </form>
      <p class="about">
        All words; <code>"side by side"</code>, <code>from:Bob</code>, <code>after:2026-11-23</code>,{" "}
        <code>before:…</code>
      </p>
      <div role="status">
        {isSearching && "Searching …"}
        {problem !== "" && <p class="problem">{problem}</p>}
        {found !== undefined && !isSearching && <p>{plainTitle(foundTitle(found, found.query))}</p>}
      </div>
      {found !== undefined && (
        <ol class="hits">
          {found.hits.map((hit) => (
            <Hit
              key={`${hit.event.stream} ${hit.event.number}`}
              client={client}
              hit={hit}
              show={(event) => void show(event)}
            />
          ))}
        </ol>
      )}
    </Dialog>
  );
}

function Hit({
  client,
  hit: { event, before, after },
  show,
}: {
  readonly client: WebClient;
  readonly hit: WireHit;
  readonly show: (event: WireEvent) => void;
}): JSX.Element {
  const { state } = client;
  const other = event.from.id === state.me.id ? event.to?.name : event.from.name;
  const where = isRoom(event.stream) ? (state.placeAt(event.stream)?.name ?? "") : `with ${other}`;
  return (
    <li>
      <p class="about">
        <bdi>{where}</bdi> · {dayOf(event.at, Date.now())} {clockOf(event.at)}
        <button type="button" onClick={() => show(event)}>
          Show it there
        </button>
      </p>
      {[before, event, after].map(
        (one) =>
          one !== undefined && (
            <p key={one.number} class={one === event ? "hit" : "beside"}>
              <span class={`name ${hueClass(one.from.name)}`}>
                <bdi>{one.from.name}</bdi>
              </span>{" "}
              <RichText text={one.text} />
            </p>
          ),
      )}
    </li>
  );
}

/** Without the dashes that set it apart on a line of its own. */
function plainTitle(title: string): string {
  return title.replaceAll(/^-+ | -+$/g, "");
}
