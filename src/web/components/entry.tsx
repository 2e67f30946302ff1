import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { WebClient } from "../web-client.ts";
import type { Entry } from "../web-state.ts";

/** The one box before the conversation: a name, and the password where the name has one. */
export function EntryPage({
  client,
  entry,
}: {
  readonly client: WebClient;
  readonly entry: Entry;
}): JSX.Element {
  const { connection } = client.state;
  const [name, setName] = useState(client.memory.name);
  const [password, setPassword] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const isPassword = entry.kind === "password";
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, [entry]);
  const isTrying = connection.kind === "lost";
  return (
    <main class="entry">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isPassword) client.signIn(password);
          else client.enter(name);
          setPassword("");
        }}
      >
        <h1>Roomful</h1>
        <p class="about">A group chat for the people you already have</p>
        {isPassword ? (
          <>
            <p>
              The name <b>{entry.account}</b> belongs to somebody with a password.
            </p>
            <label for="password">Its password</label>
            <input
              type="text"
              class="unseen"
              autocomplete="username"
              value={entry.account}
              readOnly
              tabIndex={-1}
              aria-hidden="true"
            />
            <input
              ref={field}
              id="password"
              type="password"
              autocomplete="current-password"
              value={password}
              onInput={({ currentTarget }) => setPassword(currentTarget.value)}
              aria-describedby="problem"
            />
          </>
        ) : (
          <>
            <label for="name">Your name</label>
            <input
              ref={field}
              id="name"
              type="text"
              autocomplete="nickname"
              autocapitalize="off"
              spellcheck={false}
              maxLength={64}
              value={name}
              onInput={({ currentTarget }) => setName(currentTarget.value)}
              aria-describedby="problem"
            />
          </>
        )}
        <p id="problem" role="alert" class="problem">
          {entry.problem !== ""
            ? entry.problem
            : isTrying
              ? `The server cannot be reached (${connection.text}). Trying again …`
              : ""}
        </p>
        <button type="submit" class="primary">
          {isPassword ? "Sign in" : "Come in"}
        </button>
        {isPassword && (
          <button type="button" onClick={() => client.forgetName()}>
            Another name
          </button>
        )}
      </form>
    </main>
  );
}
