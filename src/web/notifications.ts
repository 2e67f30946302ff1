/** Whether this browser can notify at all: not on a page of another machine that is not protected by TLS. */
export function canNotify(): boolean {
  return "Notification" in globalThis && isSecureContext;
}

/** Whether it was allowed. */
export function mayNotify(): boolean {
  return canNotify() && Notification.permission === "granted";
}

/** Asks for it, where nobody has decided yet. */
export async function wantToNotify(): Promise<boolean> {
  if (!canNotify()) return false;
  return (await Notification.requestPermission()) === "granted";
}

/** Shows a few words above other windows. `clicked`: somebody wants to see more. */
export function notify(title: string, text: string, clicked: () => void): void {
  const notification = new Notification(title, { body: text, tag: title, icon: "/icon.svg" });
  notification.addEventListener("click", () => {
    window.focus();
    notification.close();
    clicked();
  });
}
