import type { WebClient } from "./web-client.ts";

/** Whether a key that nothing on the page wanted for itself was one for the whole page. */
export function pageKey(
  event: KeyboardEvent,
  {
    client,
    box,
    list,
  }: {
    readonly client: WebClient;
    readonly box: HTMLTextAreaElement | null;
    readonly list: HTMLElement | null;
  },
): boolean {
  const { state } = client;
  if (state.dialog !== undefined) return false;
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  const isCommand = (ctrlKey || metaKey) && !altKey;
  const open = (kind: "help" | "switch" | "search"): true => {
    state.dialog =
      kind === "search" ? { kind, query: "" } : kind === "help" ? { kind, topic: undefined } : { kind };
    client.redraw();
    return true;
  };
  if (isCommand && !shiftKey && key.toLowerCase() === "k") return open("switch");
  if (isCommand && shiftKey && key.toLowerCase() === "f") return open("search");
  if (altKey && (key === "ArrowUp" || key === "ArrowDown")) return go(client, key === "ArrowUp" ? -1 : 1);
  if (altKey && key.toLowerCase() === "a") return goToNew(client);
  if (isCommand || altKey) return false;
  if (key === "?" && isFor(event, box) && box?.value === "") return open("help");
  if ((key === "PageUp" || key === "PageDown") && list !== null) {
    list.scrollBy({ top: (key === "PageUp" ? -0.9 : 0.9) * list.clientHeight });
    return true;
  }
  if (key === "Escape") {
    if (state.drawer !== undefined) state.drawer = undefined;
    else client.toNewest();
    client.redraw();
    box?.focus();
    return true;
  }
  // Who types without having clicked anywhere means the message box.
  if (key.length === 1 && event.target === document.body) box?.focus();
  return false;
}

function isFor(event: KeyboardEvent, box: HTMLElement | null): boolean {
  return event.target === box || event.target === document.body;
}

function go(client: WebClient, by: 1 | -1): true {
  const { places, current, rooms, conversations } = client.state;
  const all = [...rooms, ...conversations];
  const next = all[(all.indexOf(current) + by + places.length) % places.length];
  if (next !== undefined) client.lookAt(next);
  return true;
}

/** Those where one is wanted come first. */
function goToNew(client: WebClient): true {
  const { rooms, conversations, current } = client.state;
  const all = [...conversations, ...rooms].filter((place) => place !== current);
  const next = all.find(({ mentions }) => mentions > 0) ?? all.find(({ unread }) => unread > 0);
  if (next !== undefined) client.lookAt(next);
  return true;
}
