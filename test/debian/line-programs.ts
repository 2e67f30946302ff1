import { join } from "node:path";
import { repository } from "../support/server-process.ts";
import { type Event, type Program, room, slashTyped } from "./program.ts";

const own = [process.execPath, join(repository, "bin/roomful.js"), "join"] as const;

function lineTyped(event: Event): readonly string[] {
  return event.kind === "quit" ? ["/quit"] : slashTyped(event);
}

function lineShown({ kind, who, other, text }: Event): RegExp {
  switch (kind) {
    case "message":
      return new RegExp(`^\\[[\\d:]+\\] ${who}: ${text}$`, "m");
    case "action":
      return new RegExp(`^\\[[\\d:]+\\] \\* ${who} ${text}$`, "m");
    case "topic":
      return new RegExp(`\\[SYSTEM\\] ${who} set the topic: ${text}$`, "m");
    case "operator":
      return new RegExp(`\\[SYSTEM\\] ${who} made ${other} an operator$`, "m");
    case "kick":
      return new RegExp(`\\[SYSTEM\\] ${who} removed ${other}: ${text}$`, "m");
    case "join":
      return new RegExp(`\\[SYSTEM\\] ${who} has joined ${room}$`, "m");
    case "private message":
      return new RegExp(`\\[PM from ${who}\\] ${text}$`, "m");
    case "rename":
      return new RegExp(`\\[SYSTEM\\] ${who} is now called ${other}$`, "m");
    case "leave":
      return new RegExp(`\\[SYSTEM\\] ${who} has left ${room}: ${text}$`, "m");
    case "quit":
      return new RegExp(`\\[SYSTEM\\] ${who} has left the chat`, "m");
  }
}

export const netcat: Program = {
  nick: "nadia",
  title: "netcat",
  command: ({ port }) => ["nc", "localhost", String(port)],
  async comeIn(screen) {
    screen.type("nadia");
    await screen.mustShow(/Online Users/);
  },
  typed: lineTyped,
  shown: lineShown,
};

export const plain: Program = {
  nick: "paula",
  title: "roomful --plain",
  command: ({ port }) => [...own, "--plain", `paula@localhost:${port}`],
  comeIn: (screen) => screen.mustShow(/Online Users[^]*You:$/),
  typed: lineTyped,
  shown: lineShown,
};

export const full: Program = {
  nick: "fred",
  title: "roomful",
  command: ({ port }) => [...own, `fred@localhost:${port}`],
  comeIn: (screen) => screen.mustShow(/● connected/),
  typed: lineTyped,
  shown({ kind, who, other, text }) {
    const row = (name: string, said: string): RegExp =>
      new RegExp(`(^|│) *[\\d:]* +${name} +.?│ ${said}`, "m");
    switch (kind) {
      case "message":
        return row(`(?:${who})?`, text);
      case "action":
        return row("\\*", `${who} ${text}`);
      case "topic":
        return row("\\*", `${who} set the topic: ${text}`);
      case "operator":
        return row("\\*", `${who} made ${other} an operator`);
      case "kick":
        return row("\\*", `${who} removed ${other}: ${text}`);
      case "join":
        return row("–", `.*\\b${who} joined`);
      case "private message":
        return row(who, `\\(to you\\) ${text}`);
      case "rename":
        return row("\\*", `${who} is now called ${other}`);
      case "leave":
        return row("–", `.*\\b${who} \\(${text}\\) left`);
      case "quit":
        return row("–", `.*\\b${who}(?: \\(.*\\))? left`);
    }
  },
};
