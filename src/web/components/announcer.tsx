import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Item } from "../../client/state/conversation.ts";
import { isNews } from "../../client/state/room-news.ts";
import { withoutFormatting } from "../../protocols/irc/formatting.ts";
import { roomNews } from "../../protocols/line/render.ts";
import type { WebPlace } from "../web-place.ts";

/** So many are kept for who comes late. */
const maxKept = 5;

/** Has a screen reader say what comes new in the room that is looked at; what is older it is not read for scrolling. */
export function Announcer({ place, me }: { readonly place: WebPlace; readonly me: string }): JSX.Element {
  const [said, setSaid] = useState<readonly { readonly serial: number; readonly text: string }[]>([]);
  const { items } = place.conversation;
  const last = items.at(-1)?.serial ?? 0;
  const before = useRef({ place, last });
  useEffect(() => {
    const known = before.current;
    before.current = { place, last };
    if (known.place !== place) {
      setSaid([]);
      return;
    }
    const fresh = items.slice(place.conversation.indexOf(known.last + 1)).flatMap((item) => {
      const text = spoken(item, me);
      return text === "" ? [] : [{ serial: item.serial, text }];
    });
    if (fresh.length > 0) setSaid((kept) => [...kept, ...fresh].slice(-maxKept));
  }, [place, last]);
  return (
    <div class="unseen" role="log" aria-label="New messages" aria-live="polite">
      {said.map(({ serial, text }) => (
        <p key={serial}>{text}</p>
      ))}
    </div>
  );
}

function spoken(item: Item, me: string): string {
  if (item.kind === "note") return item.text;
  if (item.kind === "presence" || item.event.from.id === me) return "";
  const { event } = item;
  if (isNews(event)) return roomNews(event);
  return `${event.from.name}: ${withoutFormatting(event.text)}`;
}
