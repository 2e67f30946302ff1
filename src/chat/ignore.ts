import type { Chat } from "./chat.ts";
import type { Decision } from "./command.ts";
import type { PersonId } from "./event.ts";
import type { Ignored } from "./ignore-lists.ts";
import { parseName } from "./name.ts";
import type { Refusal } from "./refusal.ts";
import type { Person } from "./roster.ts";

/** Whom somebody ignores, as he is shown it. */
export interface IgnoredName {
  /** As he is called now. */
  readonly name: string;
  /** He is ignored by his name as well. */
  readonly isGuest: boolean;
}

/** Decides on whether somebody is to be shown nothing of another one from now on. */
export function ignore(chat: Chat, person: Person, typed: string): Decision {
  const who = meantBy(chat, typed);
  if ("reason" in who) return { kind: "refused", refusal: who };
  if (who.person === person.id) return { kind: "refused", refusal: { reason: "ignoring-oneself" } };
  const before = chat.ignoring.of(person.id);
  const known = chat.ignoring.entryFor(before, who);
  if (known !== undefined && (who.person === undefined || known.person === who.person)) {
    return { kind: "nothing" };
  }
  const others = before.filter((entry) => entry !== known);
  const { maxIgnored } = chat.limits;
  if (others.length >= maxIgnored) {
    return { kind: "refused", refusal: { reason: "too-many-ignored", max: maxIgnored } };
  }
  const isHere = who.person !== undefined;
  return { kind: "ignoring", person, name: who.name, on: true, isHere, entries: [...others, who] };
}

/** Decides on whether somebody is to be shown another one again. */
export function unignore(chat: Chat, person: Person, typed: string): Decision {
  const fold = chat.fold(typed);
  const here = chat.roster.find(typed)?.id ?? chat.accounts.find(typed)?.person;
  const before = chat.ignoring.of(person.id);
  const gone = before.filter(
    (entry) =>
      (here !== undefined && entry.person === here) ||
      chat.fold(entry.name) === fold ||
      chat.fold(nameNow(chat, entry)) === fold,
  );
  const [first] = gone;
  if (first === undefined) return { kind: "refused", refusal: { reason: "not-ignored", name: typed } };
  const entries = before.filter((entry) => !gone.includes(entry));
  return { kind: "ignoring", person, name: nameNow(chat, first), on: false, isHere: true, entries };
}

/** Whom somebody ignores, by name. */
export function ignoredBy(chat: Chat, person: PersonId): readonly IgnoredName[] {
  return chat.ignoring
    .of(person)
    .map((entry) => ({ name: nameNow(chat, entry), isGuest: !isAccount(chat, entry) }));
}

/** Who is here or has an account; or a name that a guest could have. */
function meantBy(chat: Chat, typed: string): Ignored | Refusal {
  const known = chat.authorOf(typed);
  if (known !== undefined) return { name: known.name, person: known.id };
  const name = parseName(typed);
  return "reason" in name ? name : { name: name.shown, person: undefined };
}

function nameNow(chat: Chat, { name, person }: Ignored): string {
  if (person === undefined) return name;
  return chat.nameOf(person) ?? name;
}

function isAccount(chat: Chat, { person }: Ignored): boolean {
  return person !== undefined && chat.accounts.has(person);
}
