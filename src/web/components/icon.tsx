import type { JSX } from "preact";

/** Drawn on a field of 24 by 24, in the colour of the text around them. */
const paths = {
  rooms: "M4 7h16M4 12h16M4 17h10",
  people:
    "M16 19c0-2.8-2.2-5-5-5s-5 2.2-5 5M11 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M20 18c0-2.1-1-3.7-2.6-4.5M15 4.6a3.2 3.2 0 0 1 0 6",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13M15.5 15.5 20 20",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  reply: "M10 8 5 12.5 10 17M5.5 12.5H14c3 0 5 2 5 5V19",
  send: "M5 12 20 4l-4 16-4-7z",
  emoji: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M8.5 14.5c.8 1.2 2 2 3.5 2s2.7-.8 3.5-2M9 9.5h.01M15 9.5h.01",
  close: "M6 6l12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  down: "M12 5v13M6 12.5 12 18.5 18 12.5",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16M12 8v4.5l3 1.5",
  leave: "M14 5h4v14h-4M10 12h9M6 8l-3 4 3 4",
} as const;

/** A picture beside or in place of a word; who does not see it is told by the label of what holds it. */
export function Icon({ name }: { readonly name: keyof typeof paths }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">
      <path
        d={paths[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
