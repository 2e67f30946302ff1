/** What somebody does, by whichever door. */
export type Deed =
  | { readonly kind: "say" | "act" | "topic"; readonly room: string; readonly text: string }
  | { readonly kind: "tell"; readonly to: string; readonly text: string }
  | { readonly kind: "kick"; readonly room: string; readonly who: string; readonly text: string }
  | { readonly kind: "invite"; readonly room: string; readonly who: string }
  | { readonly kind: "join"; readonly room: string }
  | { readonly kind: "leave"; readonly room: string; readonly text: string }
  | { readonly kind: "rename"; readonly to: string }
  | { readonly kind: "away"; readonly text: string }
  | { readonly kind: "back" };

/** As it is typed at the line door and in our client, in the room that is looked at. */
export function lineOf(deed: Deed): string {
  switch (deed.kind) {
    case "say":
      return deed.text;
    case "act":
      return `/me ${deed.text}`;
    case "tell":
      return `/pm ${deed.to} ${deed.text}`;
    case "topic":
      return `/topic ${deed.text}`;
    case "kick":
      return `/kick ${deed.who} ${deed.text}`;
    case "invite":
      return `/invite ${deed.who}`;
    case "join":
      return `/join ${deed.room}`;
    case "leave":
      return `/leave ${deed.room} ${deed.text}`;
    case "rename":
      return `/nick ${deed.to}`;
    case "away":
      return `/away ${deed.text}`;
    case "back":
      return "/away";
  }
}

/** As an IRC client sends it. */
export function ircLineOf(deed: Deed): string {
  switch (deed.kind) {
    case "say":
      return `PRIVMSG ${deed.room} :${deed.text}`;
    case "act":
      return `PRIVMSG ${deed.room} :\x01ACTION ${deed.text}\x01`;
    case "tell":
      return `PRIVMSG ${deed.to} :${deed.text}`;
    case "topic":
      return `TOPIC ${deed.room} :${deed.text}`;
    case "kick":
      return `KICK ${deed.room} ${deed.who} :${deed.text}`;
    case "invite":
      return `INVITE ${deed.who} ${deed.room}`;
    case "join":
      return `JOIN ${deed.room}`;
    case "leave":
      return `PART ${deed.room} :${deed.text}`;
    case "rename":
      return `NICK ${deed.to}`;
    case "away":
      return `AWAY :${deed.text}`;
    case "back":
      return "AWAY";
  }
}
