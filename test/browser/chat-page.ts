import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { Locator, Page } from "playwright-core";

/** How long the page may take for anything: so long only where something is wrong. */
export const patienceMs = 10_000;

/** The page as somebody uses it, who knows it by its roles and names. */
export class ChatPage {
  readonly page: Page;
  /** Where one's name is asked for, and the password of one that has one. */
  readonly nameBox: Locator;
  readonly passwordBox: Locator;
  /** What is wrong with what was entered. */
  readonly problem: Locator;
  /** Where a message is written. */
  readonly box: Locator;
  /** The list of messages, of which those around what is in sight are on the page. */
  readonly list: Locator;
  /** The rows of it: what somebody said, what happened, what the page has to say. */
  readonly rows: Locator;
  /** The rooms and private conversations, and the people of the room. */
  readonly places: Locator;
  readonly people: Locator;
  readonly completions: Locator;
  readonly dialog: Locator;
  /** What is said of the connection. */
  readonly connection: Locator;

  constructor(page: Page) {
    this.page = page;
    this.nameBox = page.getByRole("textbox", { name: "Your name" });
    this.passwordBox = page.getByLabel("Its password");
    this.problem = page.getByRole("alert");
    this.box = page.getByRole("textbox", { name: /^Message to / });
    this.list = page.getByRole("feed");
    this.rows = page.getByRole("article");
    this.places = page.getByRole("navigation").getByRole("listitem");
    this.people = page.getByRole("complementary").getByRole("listitem");
    this.completions = page.getByRole("listbox", { name: "Completions" }).getByRole("option");
    this.dialog = page.getByRole("dialog");
    this.connection = page.getByRole("main").getByRole("status");
  }

  async enter(name: string): Promise<void> {
    await this.nameBox.fill(name);
    await this.press("Enter");
    await this.box.waitFor();
  }

  /** Types into whatever has the focus. */
  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  press(key: string): Promise<void> {
    return this.page.keyboard.press(key);
  }

  /** Writes and sends each, and sees what comes of it before the next. */
  async say(...texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      await this.box.fill(text);
      await this.box.press("Enter");
      await this.#drawn();
    }
  }

  /** The last row with this text; it may have come, or come yet. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).last();
  }

  /** Resolves when there is such a row. */
  async sees(...texts: readonly (string | RegExp)[]): Promise<void> {
    for (const text of texts) await this.row(text).waitFor();
  }

  /** What the rows on the page say, in their order, with the names of those who speak. */
  async lines(): Promise<readonly string[]> {
    return (await this.linesBySerial()).map(([, line]) => line);
  }

  /** As `lines`, each with what tells it from all others of its room; it ascends. */
  linesBySerial(): Promise<readonly (readonly [serial: number, line: string])[]> {
    return this.rows.evaluateAll((rows) =>
      rows.map((row): [number, string] => {
        const by = /^(.*), \d\d:\d\d$/.exec(row.getAttribute("aria-label"))?.[1];
        const text: string = row.querySelector(".text")?.textContent.trim() ?? "";
        return [Number(row.getAttribute("data-serial")), by === undefined ? text : `${by}: ${text}`];
      }),
    );
  }

  /** Resolves when these are in the room, by name, those who run it with what they are. */
  async peopleAre(...expected: readonly string[]): Promise<void> {
    await this.until(() => this.people.allTextContents(), expected);
  }

  /** Resolves when the last rows say this. */
  async endsWith(...expected: readonly string[]): Promise<void> {
    await this.until(async () => (await this.lines()).slice(-expected.length), expected);
  }

  /** As one does who pulls the scroll bar. */
  async scrollToTop(): Promise<void> {
    await this.list.evaluate((list) => (list.scrollTop = 0));
  }

  /** Whether the newest is in sight. */
  isAtEnd(): Promise<boolean> {
    return this.list.evaluate((list): boolean => list.scrollTop + list.clientHeight >= list.scrollHeight - 1);
  }

  /** Goes to another tab or window, as far as the page can tell. */
  lookAway(): Promise<void> {
    return this.#setHidden(true);
  }

  /** Comes back to it. */
  lookBack(): Promise<void> {
    return this.#setHidden(false);
  }

  /** Resolves when the page was drawn again. */
  async #drawn(): Promise<void> {
    await this.page.evaluate("new Promise(requestAnimationFrame)");
  }

  /** A browser without a screen shows every page at once, so that none is ever hidden by itself. */
  async #setHidden(isHidden: boolean): Promise<void> {
    await this.page.evaluate(`
      Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
      document.hasFocus = () => ${!isHidden};
      document.dispatchEvent(new Event("visibilitychange"));`);
  }

  /** Resolves when this has the focus. */
  async hasFocus(locator: Locator): Promise<void> {
    await locator.and(this.page.locator(":focus")).waitFor();
  }

  /** To a room or a private conversation, by its name. */
  async goTo(name: string): Promise<void> {
    await this.places
      .getByRole("button", { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await this.page.getByRole("main", { name, exact: true }).waitFor();
  }

  /** Resolves when what is read off the page is as expected; looked at anew whenever the page is drawn. */
  async until<T>(read: () => Promise<T>, expected: T): Promise<void> {
    const deadline = Date.now() + patienceMs;
    let found = await read();
    while (!isDeepStrictEqual(found, expected) && Date.now() < deadline) {
      await this.#drawn();
      found = await read();
    }
    assert.deepEqual(found, expected);
  }
}
