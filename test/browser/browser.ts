import assert from "node:assert/strict";
import { after, type TestContext } from "node:test";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import type { Settings } from "../../src/server/settings.ts";
import { type RunningServer, type RunningServerOptions, runServer } from "../support/running-server.ts";
import { ChatPage, patienceMs } from "./chat-page.ts";
import { launchChromium } from "./chromium.ts";

/** Runs in each page: the console is told of what its policy forbade. */
const tellsBreaches = `addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
  console.error("Against the policy: " + violatedDirective + " " + blockedURI))`;

let launched: Promise<Browser> | undefined;
const complaints: string[] = [];

after(async () => {
  await (await launched)?.close();
  // Not as each test ends: where one of its hooks fails the others are left out, and its server would go on.
  assert.deepEqual(complaints, []);
});

export interface PersonOptions extends BrowserContextOptions {
  /** Whether he comes by TLS; that nobody vouches for the server's certificate is passed over. */
  readonly isTls?: boolean;
  /** What this browser may write to its console all the same, such as that it is not connected. */
  readonly mayComplain?: RegExp;
}

/** Somebody with a browser: what one tab keeps the others know. */
export interface Person {
  readonly context: BrowserContext;
  /** Opens another tab. */
  open(): Promise<ChatPage>;
}

/**
 * A server, and people who look at it in a browser. When the test ends their browsers are closed before the server
 * is. None of them may have complained in any test of the file: no error or warning in the console, no script that
 * failed, no breach of the page's own security policy, no request to anywhere else.
 */
export class Stage {
  readonly #context: TestContext;
  readonly #browsers: BrowserContext[];
  #running: RunningServer;

  private constructor(context: TestContext, browsers: BrowserContext[], running: RunningServer) {
    this.#context = context;
    this.#browsers = browsers;
    this.#running = running;
  }

  static async set(t: TestContext, options: RunningServerOptions = {}): Promise<Stage> {
    const browsers = closedAfter(t);
    return new Stage(t, browsers, await runServer(t, options));
  }

  /** With a server that runs already, and is stopped before the browsers are closed. */
  static around(t: TestContext, running: RunningServer): Stage {
    return new Stage(t, closedAfter(t), running);
  }

  get port(): number {
    return this.#running.port;
  }

  stop(): Promise<void> {
    return this.#running.stop();
  }

  /** Starts the server again, where it was and with what it had. */
  async startAgain(settings: Partial<Settings> = {}): Promise<void> {
    const { port, dataFolder } = this.#running;
    this.#running = await runServer(this.#context, { dataFolder, settings: { ...settings, port } });
  }

  /** Somebody with a browser of his own, on a screen of 1200 by 800 pixels. */
  async person({ mayComplain, isTls = false, ...options }: PersonOptions = {}): Promise<Person> {
    launched ??= launchChromium();
    const context = await (await launched).newContext({
      viewport: { width: 1200, height: 800 },
      locale: "en-GB",
      reducedMotion: "reduce",
      ignoreHTTPSErrors: isTls,
      ...options,
    });
    this.#browsers.push(context);
    context.setDefaultTimeout(patienceMs);
    const origin = `${isTls ? "https" : "http"}://127.0.0.1:${this.port}`;
    const complain = (complaint: string): void => {
      if (mayComplain?.test(complaint) !== true) complaints.push(`${this.#context.name}: ${complaint}`);
    };
    await context.addInitScript({ content: tellsBreaches });
    context.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complain(`${message.type()}: ${message.text()}`);
    });
    context.on("weberror", (error) => complain(String(error.error())));
    context.on("dialog", (dialog) => {
      complain(`A script asks: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("request", (request) => {
      if (new URL(request.url()).origin !== origin) complain(`Asked for ${request.url()}`);
    });
    const open = async (): Promise<ChatPage> => {
      const page: Page = await context.newPage();
      await page.goto(`${origin}/`);
      return new ChatPage(page);
    };
    return { context, open };
  }

  /** Somebody who has opened the page. */
  async visit(options?: PersonOptions): Promise<ChatPage> {
    return (await this.person(options)).open();
  }

  /** Somebody who has come in under a name. */
  async enter(name: string, options?: PersonOptions): Promise<ChatPage> {
    const page = await this.visit(options);
    await page.enter(name);
    return page;
  }
}

function closedAfter(t: TestContext): BrowserContext[] {
  const browsers: BrowserContext[] = [];
  t.after(async () => {
    for (const browser of browsers) await browser.close();
  });
  return browsers;
}
