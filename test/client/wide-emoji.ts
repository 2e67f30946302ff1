/** Emoji take two columns, as on the terminals people use; without this, xterm counts them as one. */
export const wideEmoji = {
  version: "wide-emoji",
  wcwidth: (code: number): 0 | 1 | 2 => {
    if (code === 0x200d || (code >= 0xfe00 && code <= 0xfe0f) || (code >= 0x300 && code <= 0x36f)) return 0;
    if (code < 32 || (code >= 0x7f && code < 0xa0)) return 0;
    if (code >= 0x1f300 && code <= 0x1faff) return 2;
    return (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xffef && code !== 0x303f)
      ? 2
      : 1;
  },
  charProperties(code: number, preceding: number): number {
    const width = wideEmoji.wcwidth(code);
    const joins = width === 0 && preceding !== 0;
    const shown = joins ? Math.max(width, (preceding >> 1) & 3) : width;
    return ((shown & 3) << 1) | (joins ? 1 : 0);
  },
};
