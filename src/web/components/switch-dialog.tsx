import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { foldName } from "../../chat/name.ts";
import type { WebClient } from "../web-client.ts";
import { Dialog } from "./dialog.tsx";

const maxShown = 12;

/** Goes to a room, a private conversation or a person by a part of the name. */
export function SwitchDialog({
  client,
  close,
}: {
  readonly client: WebClient;
  readonly close: () => void;
}): JSX.Element {
  const [wanted, setWanted] = useState("");
  const [chosen, setChosen] = useState(0);
  const { state } = client;
  const part = foldName(wanted.trim());
  const places = state.places.map((place) => ({
    label: place.partner ?? place.name,
    about: place.partner === undefined ? "room" : "private",
    go: () => client.lookAt(place),
  }));
  const talked = new Set(state.conversations.map(({ partner }) => foldName(partner ?? "")));
  const people = [...new Set(state.places.flatMap(({ roster }) => roster.names))]
    .filter((name) => name !== state.me.name && !talked.has(foldName(name)))
    .map((name) => ({ label: name, about: "person", go: () => client.talkWith(name) }));
  const found = [...places, ...people]
    .filter(({ label }) => foldName(label).includes(part))
    .slice(0, maxShown);
  const go = (index: number): void => {
    const choice = found[index];
    if (choice === undefined) return;
    close();
    choice.go();
  };
  return (
    <Dialog title="Go to" close={close}>
      <input
        type="text"
        aria-label="A room or a person"
        placeholder="A room or a person"
        aria-controls="choices"
        aria-activedescendant={`choice-${chosen}`}
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        value={wanted}
        onInput={({ currentTarget }) => {
          setWanted(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setChosen(Math.min(chosen + 1, found.length - 1));
          else if (event.key === "ArrowUp") setChosen(Math.max(chosen - 1, 0));
          else if (event.key === "Enter") go(chosen);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="choices" class="choices" role="listbox" aria-label="What there is of that name">
        {found.map(({ label, about }, index) => (
          <li
            key={`${about} ${label}`}
            id={`choice-${index}`}
            role="option"
            aria-selected={index === chosen}
            onClick={() => go(index)}
          >
            <bdi>{label}</bdi> <span class="about">{about}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
