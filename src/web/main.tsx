import { render } from "preact";
import { App } from "./app.tsx";
import { openBrowserSocket } from "./browser-socket.ts";
import { Memory } from "./memory.ts";
import { mayNotify, notify } from "./notifications.ts";
import { ownTab } from "./tab.ts";
import { applyTheme } from "./theme.ts";
import { WebClient } from "./web-client.ts";

const memory = new Memory(localStorage, sessionStorage);
applyTheme(memory.theme);

let redraw: () => void = () => undefined;
let isDue = false;
/** Many changes are shown at once. A page that nobody sees has no frames, and is drawn all the same. */
function changed(): void {
  if (isDue) return;
  isDue = true;
  const draw = (): void => {
    isDue = false;
    redraw();
  };
  if (document.hidden) setTimeout(draw);
  else requestAnimationFrame(draw);
}

/** Shows the page of this tab. */
function begin(tab: string): void {
  const secure = location.protocol === "https:";
  const client = new WebClient({
    host: location.hostname.replace(/^\[|\]$/g, ""),
    port: Number(location.port === "" ? (secure ? 443 : 80) : location.port),
    secure,
    tab,
    memory,
    openSocket: openBrowserSocket,
    changed,
    redraw: () => redraw(),
    alert: ({ from, text }) => {
      if (memory.notifies && mayNotify() && (document.hidden || !document.hasFocus()))
        notify(from, text, () => client.goToMention());
    },
  });

  const look = (): void => {
    client.setHere(!document.hidden && document.hasFocus());
    if (!document.hidden) client.tryNow();
  };
  for (const event of ["online", "offline"])
    addEventListener(event, () => client.setOnline(navigator.onLine));
  for (const event of ["focus", "blur"]) addEventListener(event, look);
  document.addEventListener("visibilitychange", look);

  render(<App client={client} watch={(draw) => (redraw = draw)} />, document.body);
  look();
  if (memory.isIn && memory.name !== "") client.enter(memory.name);
}

void ownTab(sessionStorage).then(begin);
