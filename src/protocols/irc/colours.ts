import type { Colour } from "./formatting.ts";

/** Red, green and blue, 0 to 255 each. */
export type Rgb = readonly [red: number, green: number, blue: number];

export const black: Rgb = [0, 0, 0];
export const white: Rgb = [255, 255, 255];

/** What text must differ from its background by at least: WCAG 2.2, 1.4.3, for large text. */
const leastContrast = 3;
/** In so many steps a colour is moved until it can be read. */
const steps = 16;

/** The 16 old colours, and the 83 that came later: https://modern.ircdocs.horse/formatting#colors-16-98 */
const palette: readonly string[] = [
  "FFFFFF 000000 00007F 009300 FF0000 7F0000 9C009C FC7F00",
  "FFFF00 00FC00 009393 00FFFF 0000FC FF00FF 7F7F7F D2D2D2",
  "470000 472100 474700 324700 004700 00472C 004747 002747 000047 2E0047 470047 47002A",
  "740000 743A00 747400 517400 007400 007449 007474 004074 000074 4B0074 740074 740045",
  "B50000 B56300 B5B500 7DB500 00B500 00B571 00B5B5 0063B5 0000B5 7500B5 B500B5 B5006B",
  "FF0000 FF8C00 FFFF00 B2FF00 00FF00 00FFA0 00FFFF 008CFF 0000FF A500FF FF00FF FF0098",
  "FF5959 FFB459 FFFF71 CFFF60 6FFF6F 65FFC9 6DFFFF 59B4FF 5959FF C459FF FF66FF FF59BC",
  "FF9C9C FFD39C FFFF9C E2FF9C 9CFF9C 9CFFDB 9CFFFF 9CD3FF 9C9CFF DC9CFF FF9CFF FF94D3",
  "000000 131313 282828 363636 4D4D4D 656565 818181 9F9F9F BCBCBC E2E2E2 FFFFFF",
].flatMap((row) => row.split(" "));

export function rgbOf(colour: Colour): Rgb {
  const hex = colour.kind === "rgb" ? colour.hex : (palette[colour.index] ?? "000000");
  const part = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16);
  return [part(0), part(2), part(4)];
}

/** From 1, where they are the same, to 21: WCAG 2.2, "contrast ratio". */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/**
 * A colour for text, moved towards white or black as far as it must be to be read on the background. `least`: by what
 * contrast at least; for small text WCAG 2.2, 1.4.3, wants 4.5.
 */
export function legible(foreground: Rgb, background: Rgb, least: number = leastContrast): Rgb {
  const towards = contrast(white, background) > contrast(black, background) ? white : black;
  for (let step = 0; step < steps; step += 1) {
    const moved = mixed(foreground, towards, step / steps);
    if (contrast(moved, background) >= least) return moved;
  }
  return towards;
}

/** The relative luminance, 0 to 1: WCAG 2.2. */
function luminance([red, green, blue]: Rgb): number {
  const [r, g, b] = [red, green, blue].map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}
