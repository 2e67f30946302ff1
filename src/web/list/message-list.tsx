import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useReducer, useRef } from "preact/hooks";
import type { Item } from "../../client/state/conversation.ts";
import { MessageRow, type RowActions } from "../components/message-row.tsx";
import type { WebClient } from "../web-client.ts";
import type { WebPlace } from "../web-place.ts";
import { Heights, rowAtEdge } from "./heights.ts";
import { rowAt } from "./rows.ts";

/** So many pixels beyond what is in sight are drawn as well. */
const overscan = 700;
/** With so few rows above what is drawn, older messages are read. */
const fewAbove = 30;
/** What the style sheet leaves free below the last row. */
const atBottom = 12;
/** So near to its end the list counts as being there. */
const atEnd = 4;

interface MessageListProps {
  readonly client: WebClient;
  readonly place: WebPlace;
  /** Where the keys go back to. */
  readonly leave: () => void;
}

/**
 * The messages of a room, of which only those around what is in sight are part of the page. What is in sight stays
 * where it is, to the pixel, whatever is added above it or turns out to be of another height.
 */
export function MessageList({ client, place, leave }: MessageListProps): JSX.Element {
  const { state } = client;
  const { conversation } = place;
  const scroller = useRef<HTMLDivElement>(null);
  const heights = useMemo(() => new Heights(), []);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  /** The row that has the focus, or had it last. */
  const focused = useRef<{ serial: number; isWanted: boolean } | undefined>(undefined);
  const size = useRef({ width: 0, height: 800 });

  const { items } = conversation;
  const edges = heights.edges(serialsOf(items), items.length);
  const total = edges[items.length] ?? 0;
  const { height } = size.current;
  const top = topOf(place, items, edges, total - height);
  const start = rowAtEdge(edges, top - overscan);
  const end = Math.min(items.length, rowAtEdge(edges, top + height + overscan) + 1);
  if (start < fewAbove) queueMicrotask(() => client.older(place));

  const actions = useMemo((): RowActions => {
    return {
      reply: (event) => {
        place.reply = event;
        leave();
      },
      show: (event) => void client.show(event),
      talkWith: (name) => {
        state.dialog = { kind: "person", name };
        client.redraw();
      },
      takeRefused: () => client.takeRefused(place),
    };
  }, []);

  useLayoutEffect(() => {
    const list = scroller.current;
    if (list === null) return;
    let isOther = false;
    for (const row of list.querySelectorAll<HTMLElement>(".row"))
      isOther = heights.measure(Number(row.dataset["serial"]), row.getBoundingClientRect().height) || isOther;
    if (isOther) {
      const settled = heights.edges(serialsOf(conversation.items), conversation.items.length);
      const bottom = (settled.at(-1) ?? 0) - height;
      moveTo(list, topOf(place, conversation.items, settled, bottom), place.scrolled === undefined);
      draw(undefined);
    } else moveTo(list, top, place.scrolled === undefined);
    const wanted = focused.current;
    if (wanted?.isWanted === true) {
      const row = list.querySelector<HTMLElement>(`[data-serial="${wanted.serial}"]`);
      if (row !== null) {
        focused.current = { serial: wanted.serial, isWanted: false };
        row.focus({ preventScroll: true });
        row.scrollIntoView({ block: "nearest" });
      }
    }
  });

  useLayoutEffect(() => {
    const list = scroller.current;
    if (list === null) return undefined;
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight } = list;
      if (width !== size.current.width) heights.forget();
      size.current = { width, height: clientHeight };
      draw(undefined);
    });
    observer.observe(list);
    return () => observer.disconnect();
  }, []);

  const scrolled = (): void => {
    const list = scroller.current;
    if (list === null) return;
    const { scrollTop, scrollHeight, clientHeight } = list;
    if (scrollTop >= scrollHeight - clientHeight - atEnd) client.scrolled(place, undefined);
    else {
      const index = rowAtEdge(edges, scrollTop);
      const serial = items[index]?.serial;
      if (serial !== undefined) client.scrolled(place, { serial, offset: (edges[index] ?? 0) - scrollTop });
    }
    draw(undefined);
  };

  const goTo = (index: number): void => {
    const item = items[Math.max(0, Math.min(items.length - 1, index))];
    if (item === undefined) return;
    focused.current = { serial: item.serial, isWanted: true };
    const at = items.indexOf(item);
    if (at < start || at >= end) place.scrolled = { serial: item.serial, offset: height / 2 };
    draw(undefined);
  };

  const pressed = (event: KeyboardEvent): void => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    const index = items.findIndex(({ serial }) => String(serial) === row?.dataset["serial"]);
    if (index === -1 || event.ctrlKey || event.metaKey || event.altKey) return;
    const item = items[index];
    const isOnRow = event.target === row;
    const moves: Readonly<Record<string, number>> = {
      ArrowUp: index - 1,
      ArrowDown: index + 1,
      PageUp: index - 10,
      PageDown: index + 10,
      Home: 0,
      End: items.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) goTo(to);
    else if (event.key === "Escape") leave();
    else if (isOnRow && (event.key === "Enter" || event.key === "r") && item?.kind === "message")
      actions.reply(item.event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const reachable = focused.current?.serial ?? items.at(-1)?.serial;
  return (
    <div
      ref={scroller}
      class="messages"
      role="feed"
      aria-label={`Messages in ${place.partner ?? place.name}`}
      aria-busy={place.loading}
      onScroll={scrolled}
      onKeyDown={pressed}
      onFocusIn={(event) => {
        const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
        if (row !== null) focused.current = { serial: Number(row.dataset["serial"]), isWanted: false };
      }}
    >
      <Space height={(edges[start] ?? 0) + Math.max(0, height - total - atBottom)} />
      {items.slice(start, end).map((item, offset) => {
        const row = rowAt(items, start + offset, conversation.markAbove);
        if (row === undefined) return null;
        return (
          <MessageRow
            key={item.serial}
            {...row}
            position={start + offset + 1}
            me={state.me.name}
            answered={answeredBy(item, place)}
            isPointedAt={item.kind === "message" && item.event.id !== "" && item.event.id === state.pointedAt}
            isReachable={item.serial === reachable}
            actions={actions}
          />
        );
      })}
      <Space height={total - (edges[end] ?? total)} />
    </div>
  );
}

function Space({ height }: { readonly height: number }): JSX.Element {
  return <div style={{ height: `${height}px` }} aria-hidden="true" />;
}

function answeredBy(item: Item, { conversation }: WebPlace): ReturnType<WebPlace["conversation"]["find"]> {
  return item.kind === "message" && item.event.replyTo !== undefined
    ? conversation.find(item.event.replyTo)
    : undefined;
}

function* serialsOf(items: readonly Item[]): Iterable<number> {
  for (const { serial } of items) yield serial;
}

/** Where the upper edge of what is in sight stands. */
function topOf(place: WebPlace, items: readonly Item[], edges: Float64Array, bottom: number): number {
  const { scrolled } = place;
  if (scrolled === undefined) return Math.max(0, bottom);
  const index = place.conversation.indexOf(scrolled.serial);
  return Math.max(0, (edges[Math.min(index, items.length)] ?? 0) - scrolled.offset);
}

function moveTo(list: HTMLElement, top: number, isAtEnd: boolean): void {
  const wanted = isAtEnd ? list.scrollHeight - list.clientHeight : top;
  if (Math.abs(list.scrollTop - wanted) >= 1) list.scrollTop = wanted;
}
