import type { Chat } from "../chat/chat.ts";
import { parseName } from "../chat/name.ts";
import type { Person, SessionId } from "../chat/roster.ts";
import type { Answer, PersonTell, WatchChange, WatchedNews } from "./link.ts";
import type { Outlet } from "./outlet.ts";
import type { Settings } from "./settings.ts";

export interface WatchingMeans {
  readonly chat: Chat;
  readonly outlet: Outlet;
  readonly settings: Settings;
  /** Called where a session is told that those whom it watches are here. */
  readonly shown: (session: SessionId, names: readonly string[]) => void;
}

/** Who wants to know when somebody comes or goes: IRC's MONITOR. Each session has a bounded list of names. */
export class Watching {
  readonly #means: WatchingMeans;
  /** What each session watches: by fold, as it wrote it. */
  readonly #lists = new Map<SessionId, Map<string, string>>();
  readonly #watchers = new Map<string, Set<SessionId>>();

  constructor(means: WatchingMeans) {
    this.#means = means;
  }

  change(session: SessionId, change: WatchChange): Extract<Answer, { kind: "watched" }> {
    switch (change.kind) {
      case "add":
        return this.#add(session, change.names);
      case "remove":
        for (const name of change.names) this.#remove(session, this.#fold(name));
        return this.#answer([]);
      case "clear":
        this.forget(session);
        return this.#answer([]);
      case "nothing":
        return this.#answer(this.#lists.get(session)?.values() ?? []);
    }
  }

  /** A session is gone. */
  forget(session: SessionId): void {
    for (const fold of this.#lists.get(session)?.keys() ?? []) this.#remove(session, fold);
  }

  /** Whether a session watches somebody of this name. */
  isWatched(name: string, session: SessionId): boolean {
    return this.#lists.get(session)?.has(this.#fold(name)) === true;
  }

  /** Somebody is here from now on, or is called so; only while something is being released. */
  came({ author }: Pick<Person, "author">): void {
    if (this.#watchers.size === 0) return;
    this.#tell(this.#watchersOf(author.name), { kind: "online", person: author });
    for (const session of this.#watchersOf(author.name)) this.#means.shown(session, [author.name]);
  }

  /** Nobody of this name is here any more; as above. */
  left(name: string): void {
    this.#tell(this.#watchersOf(name), { kind: "offline", name });
  }

  /** Something about somebody is new, of which his rooms are told as well; as above. */
  changed(tell: Pick<PersonTell, "what" | "person" | "away">): void {
    const { chat } = this.#means;
    const { what, person, away } = tell;
    const rooms = chat.rooms.of(person.id);
    const outside = [...this.#watchersOf(person.name)].filter((session) => {
      const watcher = chat.personOf(session);
      if (watcher === undefined || watcher.id === person.id) return false;
      return ![...chat.rooms.of(watcher.id)].some((room) => rooms.has(room));
    });
    this.#tell(outside, { kind: "changed", what, person, away });
  }

  #add(session: SessionId, names: readonly string[]): Extract<Answer, { kind: "watched" }> {
    const max = this.#means.settings.maxMonitored;
    const list = this.#lists.get(session) ?? new Map<string, string>();
    const added: string[] = [];
    const refused: string[] = [];
    for (const name of names.filter(canBeName)) {
      const fold = this.#fold(name);
      if (!list.has(fold) && list.size >= max) {
        refused.push(name);
        continue;
      }
      list.set(fold, name);
      this.#lists.set(session, list);
      const watchers = this.#watchers.get(fold) ?? new Set();
      this.#watchers.set(fold, watchers.add(session));
      added.push(name);
    }
    return { ...this.#answer(new Set(added)), refused };
  }

  #remove(session: SessionId, fold: string): void {
    const list = this.#lists.get(session);
    if (list?.delete(fold) && list.size === 0) this.#lists.delete(session);
    const watchers = this.#watchers.get(fold);
    if (watchers?.delete(session) && watchers.size === 0) this.#watchers.delete(fold);
  }

  #answer(names: Iterable<string>): Extract<Answer, { kind: "watched" }> {
    const { roster } = this.#means.chat;
    const watched = Array.from(names, (name) => ({ name, person: roster.find(name)?.author }));
    return { kind: "watched", watched, refused: [] };
  }

  #watchersOf(name: string): Iterable<SessionId> {
    return this.#watchers.get(this.#fold(name)) ?? [];
  }

  #fold(name: string): string {
    return this.#means.chat.fold(name);
  }

  #tell(sessions: Iterable<SessionId>, news: WatchedNews): void {
    const { outlet } = this.#means;
    for (const session of sessions) outlet.tell({ kind: "watched", session, at: outlet.now(), news });
  }
}

/** Somebody could be called so, or the server keeps the name for itself. */
function canBeName(text: string): boolean {
  const name = parseName(text);
  return !("reason" in name) || name.reason === "name-reserved";
}
