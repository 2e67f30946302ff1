/** Stands before what somebody leaves with, on IRC, and tells it from the server's words on why he is gone. */
const mark = "Quit: ";

export function markedFarewell(words: string): string {
  return mark + words;
}

/** The words as they were said. */
export function farewell(text: string | undefined): string | undefined {
  return text?.startsWith(mark) === true ? text.slice(mark.length) : text;
}
