import { Component, type JSX } from "preact";
import { lobby } from "../../chat/event.ts";
import type { Item } from "../../client/state/conversation.ts";
import { mentions } from "../../client/state/mention.ts";
import { isNews } from "../../client/state/room-news.ts";
import { roomNews } from "../../protocols/line/render.ts";
import type { WireEvent } from "../../protocols/websocket/messages.ts";
import { hueClass } from "../hue.ts";
import { type Row, timeOf } from "../list/rows.ts";
import { clockOf, dayOf, exactTime } from "../times.ts";
import { Icon } from "./icon.tsx";
import { RichText } from "./rich-text.tsx";

interface MessageRowProps extends Row {
  readonly position: number;
  readonly me: string;
  /** The message that this one answers, where it is known. */
  readonly answered: WireEvent | undefined;
  readonly isPointedAt: boolean;
  readonly isReachable: boolean;
  readonly actions: RowActions;
}

/** What can be done with a message. The same object as long as the list is there. */
export interface RowActions {
  readonly reply: (event: WireEvent) => void;
  readonly show: (event: WireEvent) => void;
  readonly talkWith: (name: string) => void;
  readonly takeRefused: () => void;
}

type Message = Item & { readonly kind: "message" };

/** One item of the list: what somebody said, what happened, or what the page itself has to say. */
export class MessageRow extends Component<MessageRowProps> {
  /** Thousands are passed by; only one that has changed is made anew. */
  override shouldComponentUpdate(next: Readonly<MessageRowProps>): boolean {
    return (Object.keys(next) as (keyof MessageRowProps)[]).some((key) => next[key] !== this.props[key]);
  }

  override render(props: MessageRowProps): JSX.Element {
    const { item, isFirst, beginsDay, isMarked, position, isPointedAt, isReachable } = props;
    const at = timeOf(item);
    const isFor = item.kind === "message" && item.own === undefined && isForMe(item.event, props.me);
    const classes = ["row", isFirst && "first", isFor && "for-me", isPointedAt && "pointed-at"];
    return (
      <article
        class={classes.filter(Boolean).join(" ")}
        data-serial={item.serial}
        tabIndex={isReachable ? 0 : -1}
        aria-posinset={position}
        aria-setsize={-1}
        aria-label={labelOf(item)}
      >
        {beginsDay && (
          <p class="divider">
            <span>{dayOf(at, Date.now())}</span>
          </p>
        )}
        {isMarked && (
          <p class="divider new">
            <span>New</span>
          </p>
        )}
        {item.kind === "message" ? <MessageBody {...props} item={item} /> : <Aside item={item} />}
      </article>
    );
  }
}

function MessageBody({
  item,
  isFirst,
  answered,
  actions,
}: MessageRowProps & { readonly item: Message }): JSX.Element {
  const { event, own } = item;
  const { kind, from, at } = event;
  if (isNews(event) || kind === "removed" || kind === "announcement") {
    const text = kind === "announcement" ? event.text : roomNews(event);
    return (
      <div class={kind === "announcement" ? "aside announcement" : "aside"}>
        <Time at={at} />
        <p class="text">
          {kind === "announcement" && <b>Announcement: </b>}
          <RichText text={text} />
        </p>
      </div>
    );
  }
  const name = (
    <button type="button" class={`name ${hueClass(from.name)}`} onClick={() => actions.talkWith(from.name)}>
      <bdi>{from.name}</bdi>
    </button>
  );
  return (
    <>
      <div class={own?.kind === "waiting" ? "message waiting" : "message"}>
        {event.replyTo !== undefined && <Quote event={answered} show={actions.show} />}
        {isFirst && kind !== "action" && (
          <div class="by">
            {name}
            <Time at={at} />
          </div>
        )}
        {(!isFirst || kind === "action") && <Time at={at} />}
        <p class={`text ${kind}`}>
          {kind === "action" && <>{name} </>}
          <RichText text={event.text} />
        </p>
        {own !== undefined && <OwnStanding own={own} takeRefused={actions.takeRefused} />}
        {event.id !== "" && (
          <button
            type="button"
            class="tool reply"
            aria-label={`Reply to ${from.name}`}
            title="Reply (R)"
            onClick={() => actions.reply(event)}
          >
            <Icon name="reply" />
          </button>
        )}
      </div>
    </>
  );
}

function Quote({
  event,
  show,
}: {
  readonly event: WireEvent | undefined;
  readonly show: RowActions["show"];
}): JSX.Element {
  if (event === undefined) return <p class="quote">An earlier message</p>;
  return (
    <button type="button" class="quote" onClick={() => show(event)}>
      <span class="unseen">In answer to </span>
      <span class={hueClass(event.from.name)}>{event.from.name}</span> <bdi>{event.text.split("\n")[0]}</bdi>
    </button>
  );
}

function OwnStanding({
  own,
  takeRefused,
}: {
  readonly own: NonNullable<Message["own"]>;
  readonly takeRefused: () => void;
}): JSX.Element | null {
  switch (own.kind) {
    case "sent":
      return null;
    case "waiting":
      return (
        <span class="standing" title="On its way">
          <Icon name="clock" />
          <span class="unseen">Not sent yet</span>
        </span>
      );
    case "refused":
      return (
        <p class="standing refused">
          Not sent: {own.why}{" "}
          <button type="button" onClick={takeRefused}>
            Change it
          </button>
        </p>
      );
  }
}

function Aside({ item }: { readonly item: Exclude<Item, Message> }): JSX.Element {
  return (
    <div class={`aside ${item.kind === "note" ? item.tone : "presence"}`}>
      <Time at={item.at} />
      <p class="text">
        <RichText text={item.kind === "note" ? item.text : presenceText(item)} />
      </p>
    </div>
  );
}

function Time({ at }: { readonly at: number }): JSX.Element {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {clockOf(at)}
    </time>
  );
}

function presenceText({ joined, left, more }: Item & { readonly kind: "presence" }): string {
  const parts = [
    joined.length > 0 ? `${joined.join(", ")} joined` : "",
    left.length > 0 ? `${left.join(", ")} left` : "",
  ].filter((part) => part !== "");
  if (more > 0) parts.push(`${more} more came or went`);
  return parts.join(" · ");
}

function labelOf(item: Item): string {
  const at = clockOf(timeOf(item));
  return item.kind === "message" ? `${item.event.from.name}, ${at}` : at;
}

function isForMe({ stream, text, to }: WireEvent, me: string): boolean {
  return to !== undefined && stream !== lobby && !stream.startsWith("room:") ? false : mentions(text, me);
}
