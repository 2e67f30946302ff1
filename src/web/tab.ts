/** Which tab of the browser this is: the same when the page is loaded again, another one where the tab was duplicated. */
const key = "roomful.tab";
const answerMs = 100;

interface Question {
  readonly kind: "taken" | "mine";
  readonly tab: string;
}

/**
 * The id of this tab. A duplicated one begins with a copy of what the other keeps, so it asks whether its id is taken.
 * Web Locks would tell that as well, but not on a page that is not protected by TLS.
 */
export async function ownTab(store: Pick<Storage, "getItem" | "setItem">): Promise<string> {
  const channel = new BroadcastChannel(key);
  const known = read(store);
  const tab = known === undefined || (await isTaken(channel, known)) ? newTab() : known;
  try {
    store.setItem(key, tab);
  } catch {
    // Nothing is kept for this page: it is a new tab whenever it is loaded.
  }
  channel.addEventListener("message", ({ data }: MessageEvent<Question>) => {
    if (data.kind === "taken" && data.tab === tab) channel.postMessage({ kind: "mine", tab });
  });
  return tab;
}

function read(store: Pick<Storage, "getItem">): string | undefined {
  try {
    return store.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

function isTaken(channel: BroadcastChannel, tab: string): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (taken: boolean): void => {
      clearTimeout(timer);
      channel.removeEventListener("message", heard);
      resolve(taken);
    };
    const heard = ({ data }: MessageEvent<Question>): void => {
      if (data.kind === "mine" && data.tab === tab) end(true);
    };
    const timer = setTimeout(() => end(false), answerMs);
    channel.addEventListener("message", heard);
    channel.postMessage({ kind: "taken", tab });
  });
}

function newTab(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join("");
}
