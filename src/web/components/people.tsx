import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { foldName } from "../../chat/name.ts";
import { roleSign } from "../../client/state/role-sign.ts";
import { hueClass } from "../hue.ts";
import type { WebClient } from "../web-client.ts";
import type { WebPlace } from "../web-place.ts";

/** So many are listed; the field above finds the others. */
const maxListed = 300;

/** Who is in the room that is looked at. */
export function People({
  client,
  place,
}: {
  readonly client: WebClient;
  readonly place: WebPlace;
}): JSX.Element {
  const [wanted, setWanted] = useState("");
  const { roster } = place;
  const begins = foldName(wanted);
  const names = roster.names.filter((name) => foldName(name).includes(begins));
  const listed = names.slice(0, maxListed);
  return (
    <aside class="people" aria-label={`People in ${place.name}`}>
      <h2>
        People <span class="about">{roster.count}</span>
      </h2>
      {roster.count > 12 && (
        <input
          type="search"
          aria-label="Search people here"
          placeholder="Search"
          value={wanted}
          onInput={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      )}
      <ul>
        {listed.map((name) => {
          const sign = roleSign(roster.rolesOf(name));
          return (
            <li key={name}>
              <button
                type="button"
                class={`person ${hueClass(name)}`}
                onClick={() => {
                  client.state.dialog = { kind: "person", name };
                  client.redraw();
                }}
              >
                {sign !== "" && (
                  <span class="sign" title={signs[sign]}>
                    {sign}
                    <span class="unseen">{signs[sign]}: </span>
                  </span>
                )}
                <bdi>{name}</bdi>
              </button>
            </li>
          );
        })}
      </ul>
      {roster.count > listed.length && wanted === "" && (
        <p class="about">… and {roster.count - listed.length} more</p>
      )}
    </aside>
  );
}

const signs: Readonly<Record<string, string>> = { "@": "operator", "%": "half-operator", "+": "voice" };
