import type { Locator, Page } from "playwright-core";

/** The page as somebody uses it: by roles and names. */
export class ChatPage {
  readonly page: Page;
  /** Where one's name is asked for. */
  readonly nameBox: Locator;
  readonly passwordBox: Locator;
  /** What is wrong with what was entered. */
  readonly problem: Locator;
  /** Where a message is written. */
  readonly box: Locator;
  /** The list of messages, of which those in sight are there. */
  readonly list: Locator;
  /** The rows of it: what somebody said, what happened, what the page has to say. */
  readonly rows: Locator;

  constructor(page: Page) {
    this.page = page;
    this.nameBox = page.getByRole("textbox", { name: "Your name" });
    this.passwordBox = page.getByLabel("Its password");
    this.problem = page.getByRole("alert");
    this.box = page.getByRole("textbox", { name: /^Message to / });
    this.list = page.getByRole("feed");
    this.rows = page.getByRole("article");
  }

  async enter(name: string): Promise<void> {
    await this.nameBox.fill(name);
    await this.nameBox.press("Enter");
    await this.box.waitFor();
  }

  async say(text: string): Promise<void> {
    await this.box.fill(text);
    await this.box.press("Enter");
  }

  /** Resolves when a row shows this text. */
  async shows(text: string | RegExp): Promise<Locator> {
    const row = this.row(text);
    await row.waitFor();
    return row;
  }

  /** The last row with this text. */
  row(text: string | RegExp): Locator {
    return this.rows.filter({ hasText: text }).last();
  }
}
