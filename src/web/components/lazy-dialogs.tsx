import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { WebClient } from "../web-client.ts";

type Dialogs = ComponentType<{ readonly client: WebClient }>;

/** The dialogs, whose script is fetched when the first of them is opened. */
export function LazyDialogs({ client }: { readonly client: WebClient }): JSX.Element | null {
  const [loaded, setLoaded] = useState<{ readonly Dialogs: Dialogs } | undefined>(undefined);
  const isWanted = client.state.dialog !== undefined;
  useEffect(() => {
    if (isWanted && loaded === undefined) void import("./dialogs.tsx").then(setLoaded);
  }, [isWanted]);
  return loaded === undefined ? null : <loaded.Dialogs client={client} />;
}
