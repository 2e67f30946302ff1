import { IrcClient } from "../irc/client.ts";
import { LineClient } from "../support/line-client.ts";
import type { Stage } from "./browser.ts";
import type { ChatPage } from "./chat-page.ts";

/** The widths of a phone, a tablet and a screen. */
export const sizes = [
  { width: 390, height: 844 },
  { width: 820, height: 1180 },
  { width: 1440, height: 900 },
] as const;

/** Alice in a lively lobby, who has a room and two private conversations besides. */
export async function comeIntoLivelyLobby(stage: Stage, alice: ChatPage): Promise<void> {
  await alice.enter("Alice");
  const bob = await LineClient.enter(stage.port, "Bob");
  const ira = await IrcClient.enter(stage.port, "Ira", "message-tags");
  const zoe = await LineClient.enter(stage.port, "Зоя");
  await ira.ask("JOIN #lobby");
  await alice.say("/join #garden", "/topic Roses, beans and https://example.org/garden", "/room #lobby");
  bob.send("Good morning, everybody", "/me opens the window", "Who comes to lunch? alice?");
  await alice.sees("Who comes to lunch?");
  await alice.say("I do, at one: https://example.org/menu\nand I bring\n  three cakes", "/nosuch");
  ira.send(
    "PRIVMSG #lobby :\x02bold\x02 \x1ditalic\x1d \x11code()\x11 \x0304red\x03 \x0308,02yellow on blue\x03",
  );
  zoe.send("Доброе утро, שלום, مرحبا, 你好 👋🏽 👩‍👩‍👧");
  await alice.sees("bold", "Доброе");
  await alice.row("Доброе").getByRole("button", { name: "Reply to Зоя" }).click();
  await alice.type("Good morning to you too");
  await alice.press("Enter");
  await alice.sees("Good morning to you too");
  bob.send("/pm Alice psst", "/pm Alice a surprise");
  ira.send("PRIVMSG Alice :hello from IRC");
  ira.send("QUIT :off to bed");
  await alice.sees(/Ira .*left/);
  await alice.until(async () => (await alice.page.title()).startsWith("(3)"), true);
}

/** What there is to be seen of the page, by name; each begins and ends in the lobby, with nothing open. */
export const scenes: Readonly<Record<string, (alice: ChatPage) => Promise<void>>> = {
  lobby: async () => undefined,
  private: async (alice) => {
    await openRooms(alice);
    await alice.goTo("Bob");
    await alice.sees("a surprise");
  },
  settings: async (alice) => {
    await openRooms(alice);
    await alice.page.getByRole("button", { name: "Alice: settings" }).click();
    await alice.dialog.waitFor();
  },
  "go to": async (alice) => {
    await alice.press("Control+k");
    await alice.dialog.getByRole("option").first().waitFor();
  },
  join: async (alice) => {
    await openRooms(alice);
    await alice.page.getByRole("button", { name: "Join or make a room" }).click();
    await alice.dialog.waitFor();
  },
  help: async (alice) => {
    await alice.box.focus();
    await alice.press("?");
    await alice.dialog.waitFor();
  },
  search: async (alice) => {
    await alice.press("Control+Shift+F");
    await alice.dialog.getByRole("searchbox").fill("lunch");
    await alice.press("Enter");
    await alice.dialog.getByRole("listitem").first().waitFor();
  },
  person: async (alice) => {
    await alice.row("Good morning, everybody").getByRole("button", { name: "Bob", exact: true }).click();
    await alice.dialog.waitFor();
  },
  emoji: async (alice) => {
    await alice.page.getByRole("button", { name: "Emoji" }).click();
    await alice.dialog.getByRole("button").first().waitFor();
  },
  completion: async (alice) => {
    await alice.box.fill("");
    await alice.type("/t");
    await alice.completions.first().waitFor();
    await alice.press("ArrowDown");
  },
  reply: async (alice) => {
    await alice.row("Who comes to lunch?").getByRole("button", { name: "Reply to Bob" }).click();
    await alice.page.getByRole("button", { name: "Do not answer it" }).waitFor();
  },
  rooms: (alice) => openRooms(alice),
  people: async (alice) => {
    const button = alice.page.getByRole("button", { name: /^People in #lobby/ });
    if (await button.isVisible()) await button.click();
    await alice.people.first().waitFor();
  },
};

/** Back to the lobby, with nothing open. */
export async function closeScene(alice: ChatPage): Promise<void> {
  await alice.press("Escape");
  await alice.dialog.waitFor({ state: "hidden" });
  await alice.press("Escape");
  await alice.box.fill("");
  await alice.press("Control+k");
  await alice.hasFocus(alice.dialog.getByRole("combobox"));
  await alice.type("#lobby");
  await alice.press("Enter");
  await alice.page.getByRole("main", { name: "#lobby" }).waitFor();
  await alice.dialog.waitFor({ state: "hidden" });
}

/** On a narrow page the list of rooms is drawn out first. */
async function openRooms(alice: ChatPage): Promise<void> {
  const button = alice.page.getByRole("button", { name: /^Rooms/ });
  if (await button.isVisible()) await button.click();
  await alice.places.first().waitFor();
}
