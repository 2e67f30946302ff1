import type { JSX } from "preact";
import { type CommandName, commandTable } from "../../protocols/line/commands.ts";
import { helpText } from "../../protocols/line/help.ts";
import { Dialog } from "./dialog.tsx";

const keys: readonly (readonly [keys: string, what: string])[] = [
  ["Enter", "send"],
  ["Shift-Enter", "another line in the same message"],
  ["Tab", "complete a name, a room, an emoji or a command"],
  ["↑ in an empty box", "to the messages; ↑ and ↓ go through them, R answers one, Esc goes back"],
  ["Page up, Page down", "scroll"],
  ["Esc", "to the newest message"],
  ["Ctrl-K", "go to a room or a person"],
  ["Ctrl-Shift-F", "search messages"],
  ["Alt-↑, Alt-↓", "the room above, the room below"],
  ["Alt-A", "the next room with something new"],
  ["? in an empty box", "this help"],
];

/** The keys and the commands, or how one command is used. */
export function HelpDialog({
  topic,
  close,
}: {
  readonly topic: CommandName | undefined;
  readonly close: () => void;
}): JSX.Element {
  if (topic !== undefined) {
    const lines = helpText(topic, { consoleShowsPrivate: false }).trimEnd().split("\n");
    return (
      <Dialog title={`/${topic}`} close={close}>
        {lines.map((line) => (
          <p key={line}>{line}</p>
        ))}
      </Dialog>
    );
  }
  return (
    <Dialog title="Keys and commands" close={close}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <h3>What can be typed</h3>
      <dl class="keys">
        {commandTable.map(({ name, usage, summary }) => (
          <div key={name}>
            <dt>{usage}</dt>
            <dd>{summary}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
