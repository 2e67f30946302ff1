import { createInterface } from "node:readline/promises";
import { printable } from "../chat/text.ts";
import type { CommandContext } from "./context.ts";

export interface Offer {
  readonly address: string;
  readonly label: string | undefined;
}

const maxOffers = 9;

/** Asks which of these servers to join, at a terminal. `undefined`: none of them. */
export async function chooseServer(
  offers: readonly Offer[],
  context: Pick<CommandContext, "stdin" | "stdout">,
): Promise<string | undefined> {
  const shown = offers.slice(0, maxOffers);
  const lines = shown.map(({ address, label }, index) => {
    const named = label === undefined ? "" : `  ${printable(label)}`;
    return `  ${index + 1}  ${printable(address)}${named}\n`;
  });
  context.stdout.write(`Servers that you know:\n${lines.join("")}`);
  const asking = createInterface({ input: context.stdin, output: context.stdout });
  const closed = new Promise<undefined>((resolve) => asking.once("close", () => resolve(undefined)));
  const asked = asking.question("Which one? A number, or an address [1]: ");
  const answer = await Promise.race([asked, closed]);
  asking.close();
  if (answer === undefined) return undefined;
  const typed = answer.trim();
  if (typed === "") return shown[0]?.address;
  const number = /^\d$/.test(typed) ? Number(typed) : 0;
  return shown[number - 1]?.address ?? typed;
}
