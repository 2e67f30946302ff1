import type { JSX } from "preact";
import type { WebClient } from "../web-client.ts";
import { HelpDialog } from "./help-dialog.tsx";
import { JoinDialog } from "./join-dialog.tsx";
import { PersonDialog } from "./person-dialog.tsx";
import { SearchDialog } from "./search-dialog.tsx";
import { SettingsDialog } from "./settings-dialog.tsx";
import { SwitchDialog } from "./switch-dialog.tsx";

/** The dialog that is open, if any. */
export function Dialogs({ client }: { readonly client: WebClient }): JSX.Element | null {
  const { state } = client;
  const { dialog } = state;
  const close = (): void => {
    state.dialog = undefined;
    client.redraw();
  };
  switch (dialog?.kind) {
    case undefined:
      return null;
    case "help":
      return <HelpDialog topic={dialog.topic} close={close} />;
    case "settings":
      return <SettingsDialog client={client} close={close} />;
    case "switch":
      return <SwitchDialog client={client} close={close} />;
    case "join":
      return <JoinDialog client={client} close={close} />;
    case "search":
      return <SearchDialog client={client} query={dialog.query} close={close} />;
    case "person":
      return <PersonDialog client={client} name={dialog.name} close={close} />;
  }
}
