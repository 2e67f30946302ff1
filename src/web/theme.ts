import type { Theme } from "./memory.ts";

/** Has the page light, dark, or as the system has it. */
export function applyTheme(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === "auto") delete dataset["theme"];
  else dataset["theme"] = theme;
}
