import { commandDetails } from "./command-details.ts";
import { type CommandEntry, type CommandName, commandTable, findCommand } from "./commands.ts";

/** A longer usage pushes its summary to the right, so that the others fit a narrow terminal. */
const maxUsageColumns = 28;

const operatorSees = "The operator of this server can see private messages on its console";

/**
 * What `/help` shows, or `/help <command>` where there is a topic.
 * Where private messages appear on the operator's console, whoever may send one is told so.
 */
export function helpText(
  topic: CommandName | undefined,
  options: { readonly consoleShowsPrivate: boolean },
): string {
  const entry = topic === undefined ? undefined : findCommand(topic);
  const lines = entry === undefined ? overview() : more(entry);
  const warned = options.consoleShowsPrivate && (entry === undefined || entry.name === "pm");
  return [...lines, ...(warned ? [operatorSees] : [])].map((line) => `${line}\n`).join("");
}

function overview(): readonly string[] {
  const width = Math.min(maxUsageColumns, Math.max(...commandTable.map((entry) => entry.usage.length)));
  return [
    "Commands:",
    ...commandTable.map((entry) => `  ${entry.usage.padEnd(width)}  ${entry.summary}`),
    "Anything else is said to everybody. To begin it with '/', type '//'",
  ];
}

function more(entry: CommandEntry): readonly string[] {
  const aliases = entry.aliases.map((alias) => `/${alias}`).join(", ");
  const also = aliases === "" ? [] : [`Also: ${aliases}`];
  return [`Usage: ${entry.usage}`, entry.summary, ...commandDetails[entry.name], ...also];
}
