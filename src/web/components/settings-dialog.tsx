import type { JSX } from "preact";
import { useState } from "preact/hooks";
import type { Theme } from "../memory.ts";
import { canNotify, mayNotify, wantToNotify } from "../notifications.ts";
import { applyTheme } from "../theme.ts";
import type { WebClient } from "../web-client.ts";
import { Dialog } from "./dialog.tsx";

const themes: readonly (readonly [Theme, string])[] = [
  ["auto", "As the system has it"],
  ["light", "Light"],
  ["dark", "Dark"],
];

/** One's name, what the page looks like, and the way out. */
export function SettingsDialog({
  client,
  close,
}: {
  readonly client: WebClient;
  readonly close: () => void;
}): JSX.Element {
  const { memory, state } = client;
  const [theme, setTheme] = useState(memory.theme);
  const [notifies, setNotifies] = useState(memory.notifies && mayNotify());
  const [problem, setProblem] = useState("");
  const [name, setName] = useState(state.me.name);
  const [password, setPassword] = useState("");
  const toggle = async (wants: boolean): Promise<void> => {
    const may = wants && (await wantToNotify());
    memory.notifies = may;
    setNotifies(may);
    setProblem(wants && !may ? "This browser does not allow it. It can be allowed beside the address." : "");
  };
  return (
    <Dialog title="Settings" close={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "" && name !== state.me.name) client.run(`/nick ${name.trim()}`);
          close();
        }}
      >
        <label for="own-name">Your name</label>
        <div class="beside-each-other">
          <input
            id="own-name"
            type="text"
            autocomplete="nickname"
            value={name}
            onInput={({ currentTarget }) => setName(currentTarget.value)}
          />
          <button type="submit">Change it</button>
        </div>
      </form>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (password !== "") client.register(password);
          close();
        }}
      >
        <input
          type="text"
          class="unseen"
          autocomplete="username"
          value={state.me.name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
        <label for="own-password">Keep this name for good, with a password</label>
        <div class="beside-each-other">
          <input
            id="own-password"
            type="password"
            autocomplete="new-password"
            value={password}
            onInput={({ currentTarget }) => setPassword(currentTarget.value)}
          />
          <button type="submit">Register</button>
        </div>
      </form>
      <fieldset>
        <legend>Look</legend>
        {themes.map(([value, label]) => (
          <label key={value} class="choice">
            <input
              type="radio"
              name="theme"
              checked={theme === value}
              onChange={() => {
                memory.theme = value;
                applyTheme(value);
                setTheme(value);
              }}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {canNotify() && (
        <label class="choice">
          <input
            type="checkbox"
            checked={notifies}
            onChange={({ currentTarget }) => void toggle(currentTarget.checked)}
          />
          Notify me when I am mentioned or written to privately
        </label>
      )}
      {problem !== "" && <p class="problem">{problem}</p>}
      <div class="actions">
        <button
          type="button"
          onClick={() => {
            close();
            client.run(state.isAway ? "/away" : "/away Away");
          }}
        >
          {state.isAway ? "Be back" : "Be away"}
        </button>
        <button
          type="button"
          onClick={() => {
            state.dialog = { kind: "help", topic: undefined };
            client.redraw();
          }}
        >
          Keys and commands
        </button>
        <button
          type="button"
          class="danger"
          onClick={() => {
            close();
            client.leave();
          }}
        >
          Leave
        </button>
      </div>
    </Dialog>
  );
}
