/** ASCII letters in upper case, and nothing else: `toUpperCase` makes `SS` of `ß`, and so a command of what is none. */
export function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}
