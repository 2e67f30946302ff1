import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { type Completion, complete } from "../../client/state/completion.ts";
import { holdsPassword } from "../../protocols/line/commands.ts";
import { emojiNames } from "../emoji.ts";
import type { WebClient } from "../web-client.ts";
import type { WebPlace } from "../web-place.ts";
import { CompletionList } from "./completion-list.tsx";
import { EmojiPicker } from "./emoji-picker.tsx";
import { Icon } from "./icon.tsx";

interface ComposerProps {
  readonly client: WebClient;
  readonly place: WebPlace;
  /** Set to what gives it the focus. */
  readonly box: { current: HTMLTextAreaElement | null };
  /** To the messages, the newest first. */
  readonly toMessages: () => void;
}

/** As many lines as it grows to. */
const maxHeight = 220;
/** What is completed as it is typed; anything else only when Tab is pressed. */
const completesItself = /^(?:\/[a-z]*|[@#]\S*|:[\w+-]{2,}:?)$/i;

/** Where a message is written. Each room has a draft of its own. */
export function Composer({ client, place, box, toMessages }: ComposerProps): JSX.Element {
  const { state } = client;
  const [completion, setCompletion] = useState<Completion | undefined>(undefined);
  const [picks, setPicks] = useState(false);
  const [emoji, setEmoji] = useState<Readonly<Record<string, string>>>({});
  const text = place.draft;

  useLayoutEffect(() => {
    const area = box.current;
    if (area === null) return;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, maxHeight)}px`;
  }, [text]);

  useLayoutEffect(() => {
    box.current?.focus();
  }, [place]);

  const found = (typed: string, at: number, isAsked: boolean): Completion | undefined => {
    const word = /\S*$/.exec(typed.slice(0, at))?.[0] ?? "";
    if (!isAsked && (!completesItself.test(word) || (word.startsWith("/") && at !== word.length)))
      return undefined;
    if (word.startsWith(":") && Object.keys(emoji).length === 0) {
      void emojiNames().then((names) => {
        setEmoji(names);
        setCompletion(complete({ text: typed, cursor: at }, vocabulary(client, names)));
      });
      return undefined;
    }
    const completed = complete({ text: typed, cursor: at }, vocabulary(client, emoji));
    const isWhole = completed?.choices.length === 1 && completed.choices[0]?.trimEnd() === word;
    return isWhole && !isAsked ? undefined : completed;
  };

  /** Where one looks may have changed since this was drawn. */
  const take = (typed: string, at: number): void => {
    client.setDraft(state.current, typed);
    setCompletion(found(typed, at, false));
  };

  /** At once: what is typed before the page is drawn again comes behind it. */
  const put = (typed: string, at: number): void => {
    const area = box.current;
    if (area === null) return;
    area.value = typed;
    area.setSelectionRange(at, at);
    area.focus();
    client.setDraft(state.current, typed);
    setCompletion(undefined);
  };

  const insert = (piece: string, from?: number, to?: number): void => {
    const { selectionStart, selectionEnd, value } = box.current ?? {
      selectionStart: 0,
      selectionEnd: 0,
      value: "",
    };
    const start = from ?? selectionStart;
    put(value.slice(0, start) + piece + value.slice(to ?? selectionEnd), start + piece.length);
  };

  const choose = (index: number): void => {
    const choice = completion?.choices[index];
    if (completion !== undefined && choice !== undefined) insert(choice, completion.from, completion.to);
  };

  const send = (): void => {
    const typed = box.current?.value ?? "";
    put("", 0);
    if (typed.trim() === "") return;
    client.say(typed);
    // What was not taken is there again.
    const { draft } = state.current;
    if (draft !== "") put(draft, draft.length);
  };

  const pressed = (event: KeyboardEvent): void => {
    // A language that is composed of several keys ends a word by Enter.
    if (event.isComposing) return;
    if (completion !== undefined && completionKey(event, completion, { choose, set: setCompletion })) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (key === "Enter" && !shiftKey && !altKey) send();
    else if (
      key === "Tab" &&
      !shiftKey &&
      !ctrlKey &&
      box.current !== null &&
      box.current.value.trim() !== ""
    ) {
      const next = found(box.current.value, box.current.selectionStart, true);
      if (next === undefined) return;
      if (next.choices.length === 1) insert(next.choices[0] ?? "", next.from, next.to);
      else setCompletion({ ...next, chosen: 0 });
    } else if (key === "ArrowUp" && box.current?.value === "" && !ctrlKey && !altKey && !metaKey)
      toMessages();
    else if (key === "Escape" && place.reply !== undefined) {
      place.reply = undefined;
      client.redraw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const where = place.partner ?? place.name;
  const listId = "completions";
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {place.reply !== undefined && (
        <p class="answering">
          <span>
            In answer to <b>{place.reply.from.name}</b>: <bdi>{place.reply.text.split("\n")[0]}</bdi>
          </span>
          <button
            type="button"
            class="tool"
            aria-label="Do not answer it"
            onClick={() => {
              place.reply = undefined;
              client.redraw();
              box.current?.focus();
            }}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
      {completion !== undefined && (
        <CompletionList id={listId} completion={completion} emoji={emoji} choose={choose} />
      )}
      <div class="box">
        <textarea
          ref={box}
          class={holdsPassword(text) ? "secret" : ""}
          rows={1}
          value={text}
          dir="auto"
          aria-label={`Message to ${where}`}
          placeholder={place.standing === "in" ? `Message to ${where}` : `You are not in ${where}`}
          aria-autocomplete="list"
          {...(completion === undefined ? {} : { "aria-controls": listId })}
          {...(completion === undefined || completion.chosen === -1
            ? {}
            : { "aria-activedescendant": `${listId}-${completion.chosen}` })}
          spellcheck
          enterkeyhint="send"
          onInput={({ currentTarget }) => take(currentTarget.value, currentTarget.selectionStart)}
          onKeyDown={pressed}
          onBlur={() => setCompletion(undefined)}
        />
        <button
          type="button"
          class="tool"
          aria-label="Emoji"
          aria-expanded={picks}
          aria-haspopup="dialog"
          onClick={() => setPicks(!picks)}
        >
          <Icon name="emoji" />
        </button>
        <button type="submit" class="tool send" aria-label="Send" disabled={text.trim() === ""}>
          <Icon name="send" />
        </button>
      </div>
      {picks && (
        <EmojiPicker
          pick={(one) => {
            setPicks(false);
            insert(one);
          }}
          close={() => {
            setPicks(false);
            box.current?.focus();
          }}
        />
      )}
    </form>
  );

  function vocabulary(
    { state: { current, rooms, knownRooms } }: WebClient,
    names: Readonly<Record<string, string>>,
  ) {
    const spoken = current.conversation.items
      .slice(-200)
      .flatMap((item) => (item.kind === "message" ? [item.event.from.name] : []))
      .reverse();
    return {
      names: [...new Set([...spoken, ...current.roster.names])].filter((name) => name !== state.me.name),
      rooms: [...rooms.map(({ name }) => name), ...knownRooms],
      emoji: names,
    };
  }
}

/** Whether a key was for the list of completions. */
function completionKey(
  { key, shiftKey }: KeyboardEvent,
  completion: Completion,
  {
    choose,
    set,
  }: { readonly choose: (index: number) => void; readonly set: (completion: Completion | undefined) => void },
): boolean {
  const { choices, chosen } = completion;
  const move = (by: number): boolean => {
    set({
      ...completion,
      chosen: (Math.max(chosen, by > 0 ? chosen : 0) + by + choices.length) % choices.length,
    });
    return true;
  };
  switch (key) {
    case "ArrowDown":
      return move(1);
    case "ArrowUp":
      return move(-1);
    case "Tab":
      if (shiftKey) return move(-1);
      choose(Math.max(0, chosen));
      return true;
    case "Enter":
      if (chosen === -1) return false;
      choose(chosen);
      return true;
    case "Escape":
      set(undefined);
      return true;
    default:
      return false;
  }
}
