import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { WebClient } from "../web-client.ts";
import { Dialog } from "./dialog.tsx";

/** Comes into a room, or makes one. */
export function JoinDialog({
  client,
  close,
}: {
  readonly client: WebClient;
  readonly close: () => void;
}): JSX.Element {
  const [room, setRoom] = useState("");
  const [key, setKey] = useState("");
  useEffect(() => client.listRooms(), []);
  const { listed, rooms } = client.state;
  const others = listed.filter(
    ({ stream }) => !rooms.some((place) => place.stream === stream && place.standing === "in"),
  );
  const join = (name: string): void => {
    close();
    client.join(name, key === "" ? undefined : key);
  };
  return (
    <Dialog title="Join or make a room" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const name = room.trim().replace(/^#*/, "#");
          if (name !== "#") join(name);
        }}
      >
        <label for="room">Its name; a room that is not there yet is made</label>
        <input
          id="room"
          type="text"
          placeholder="#garden"
          autocapitalize="off"
          spellcheck={false}
          value={room}
          onInput={({ currentTarget }) => setRoom(currentTarget.value)}
        />
        <label for="key">Its password, if it has one</label>
        <input
          id="key"
          type="password"
          autocomplete="off"
          value={key}
          onInput={({ currentTarget }) => setKey(currentTarget.value)}
        />
        <button type="submit" class="primary">
          Come in
        </button>
      </form>
      {others.length > 0 && (
        <>
          <h3>Rooms that there are</h3>
          <ul class="choices">
            {others.map(({ stream, name, people, topic }) => (
              <li key={stream}>
                <button type="button" onClick={() => join(name)}>
                  <bdi>{name}</bdi>
                  <span class="about">
                    {people} {people === 1 ? "person" : "people"}
                    {topic !== "" && (
                      <>
                        {" "}
                        · <bdi>{topic}</bdi>
                      </>
                    )}
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </Dialog>
  );
}
