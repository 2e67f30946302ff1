/** One message of the stream that all clients are shown. */
export interface Said {
  readonly speaker: string;
  readonly text: string;
}

export const speakers = ["Bob", "Carla", "Dmitri", "Eve", "Farid"] as const;

/** Of the lengths and scripts that are mixed in a lively room. None holds a key that `measure.ts` types. */
const sentences = [
  "ok",
  "Did anybody look at the build that broke last night?",
  "It is the certificate again: it ran out at midnight, and nobody was told, because the mail goes to a list that was closed in spring.",
  "Kann sich das jemand anschauen, bitte? Für mich sieht es nach dem Spiegelserver aus.",
  "我现在就看一下，五分钟后告诉大家。",
  "great, thanks 👍",
  "see https://wiki.example.org/operations/certificates#renewal, second part",
  "I would rather not touch it before the weekend",
  "صباح الخير",
  "The key to the cabinet is where it always was, as far as I know.",
] as const;

/** The message with this number, counted from 1. It ends in its number, by which it is found on a screen. */
function saidAt(number: number): Said {
  const speaker = speakers[(number * 7) % speakers.length]!;
  return { speaker, text: `${sentences[number % sentences.length]} ${mark(number)}` };
}

export function mark(number: number): string {
  return `no.${number}.`;
}

export interface Talk {
  /** Says no more, and tells how many messages there were, and when the last one was said. */
  stop(): { readonly count: number; readonly lastAt: number };
}

const tickMs = 5;

/** Has `say` say so many messages a second. What a busy moment delayed is said right after it. */
export function talk(perSecond: number, say: (said: Said) => void): Talk {
  const begun = performance.now();
  let count = 0;
  let lastAt = begun;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) * perSecond) / 1000);
    while (count < due) {
      count += 1;
      lastAt = performance.now();
      say(saidAt(count));
    }
  }, tickMs);
  return {
    stop() {
      clearInterval(timer);
      return { count, lastAt };
    },
  };
}
