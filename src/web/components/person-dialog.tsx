import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";
import { Dialog } from "./dialog.tsx";

/** What can be done with somebody. */
export function PersonDialog({
  client,
  name,
  close,
}: {
  readonly client: WebClient;
  readonly name: string;
  readonly close: () => void;
}): JSX.Element {
  const { current, me } = client.state;
  const act = (action: () => void) => () => {
    close();
    action();
  };
  const runs = current.partner === undefined && current.roster.rolesOf(me.name) > 1;
  return (
    <Dialog title={name} close={close}>
      <div class="actions">
        {name !== me.name && (
          <button type="button" class="primary" onClick={act(() => client.talkWith(name))}>
            Talk privately
          </button>
        )}
        <button type="button" onClick={act(() => client.run(`/whois ${name}`))}>
          Who is this?
        </button>
        {name !== me.name && (
          <>
            <button type="button" onClick={act(() => client.run(`/ignore ${name}`))}>
              Ignore
            </button>
            <button type="button" onClick={act(() => client.run(`/unignore ${name}`))}>
              Ignore no more
            </button>
          </>
        )}
        {runs && name !== me.name && (
          <>
            <button type="button" onClick={act(() => client.run(`/op ${name}`))}>
              Make operator of {current.name}
            </button>
            <button type="button" onClick={act(() => client.run(`/voice ${name}`))}>
              Give voice in {current.name}
            </button>
            <button type="button" class="danger" onClick={act(() => client.run(`/kick ${name}`))}>
              Remove from {current.name}
            </button>
          </>
        )}
      </div>
    </Dialog>
  );
}
