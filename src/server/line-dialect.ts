import type { OnlineList } from "../chat/roster.ts";
import { foundBlock } from "../protocols/line/found.ts";
import { helpText } from "../protocols/line/help.ts";
import { goneLine, historyBlock, sinceBlock } from "../protocols/line/history.ts";
import * as render from "../protocols/line/render.ts";
import type { Dialect } from "./dialect.ts";
import { packText } from "./dialect.ts";
import type { Note, PersonalTell, RoomTell } from "./link.ts";

/** The line door's words. `consoleShowsPrivate`: `/help` says so. */
export function lineDialect(options: { readonly consoleShowsPrivate: boolean }): Dialect {
  return {
    showsOwn: false,
    pack: packText,
    room: roomText,
    personal: (tell) => [personalText(tell, options)],
  };
}

function roomText(tell: RoomTell): string {
  switch (tell.kind) {
    case "event":
      return render.eventLine(tell.event);
    case "joined":
      return render.joined(tell.at, listOf(tell));
    case "left":
      return render.left(tell.at, listOf(tell));
    case "heartbeat":
      return "";
  }
}

function personalText(tell: PersonalTell, options: { readonly consoleShowsPrivate: boolean }): string {
  switch (tell.kind) {
    case "entered":
      return [
        render.welcome(tell.person.name),
        render.onlineList(tell.online),
        tell.recent.length === 0 ? "" : historyBlock(tell.recent, tell.at),
      ].join("");
    case "private":
      return render.eventLine(tell.event);
    case "private-heartbeat":
      return "";
    case "ack":
      // One's own line is on one's screen already; only where a private message went is worth a word.
      return tell.event.to === undefined ? "" : render.eventLine(tell.event, tell.event.from.id);
    case "refused":
      return render.refusalLine(tell.at, tell.refusal);
    case "online":
      return render.onlineList(tell.online);
    case "page":
      return typeof tell.tag === "object" && "after" in tell.tag
        ? sinceBlock(tell.page, { after: tell.tag.after, now: tell.at })
        : historyBlock(tell.page.events, tell.at);
    case "found":
      return foundBlock(tell.result, { query: tell.query, reader: tell.reader });
    case "missed":
      return [
        ...tell.gone.map(goneLine),
        ...tell.events.map((event) => render.eventLine(event)),
        tell.online === undefined ? "" : render.onlineList(tell.online),
      ].join("");
    case "note":
      return noteText(tell.note, { ...options, at: tell.at });
    case "close":
      return tell.reason === undefined ? "" : render.closingLine(tell.at, tell.reason, tell.text);
  }
}

function noteText(note: Note, how: { readonly consoleShowsPrivate: boolean; readonly at: number }): string {
  switch (note.kind) {
    case "help":
      return helpText(note.topic, how);
    case "usage":
      return render.usageLine(how.at, note.command);
    case "unknown-command":
      return render.unknownCommandLine(how.at, note.command);
    case "unfinished-line":
      return render.unfinishedLine(how.at);
    case "refused":
      return render.refusalLine(how.at, note.refusal);
  }
}

function listOf(tell: Extract<RoomTell, { kind: "joined" | "left" }>): OnlineList {
  return { names: tell.people.map((person) => person.name), count: tell.count };
}
