import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Program, room, slashTyped } from "./program.ts";

export const weechat: Program = {
  nick: "wendy",
  title: "WeeChat",
  command: ({ port, folder }) => [
    "weechat",
    "-d",
    folder,
    // Commands are sent as fast as they are typed here.
    "-r",
    "/set irc.server_default.anti_flood_prio_high 0;/set irc.server_default.anti_flood_prio_low 0",
    "-r",
    `/server add roomful localhost/${port} -notls -nicks=wendy;/set irc.server.roomful.autoreconnect_delay 1`,
    "-r",
    "/connect roomful",
  ],
  async comeIn(screen) {
    await screen.mustShow(/MOTD File is missing/);
    screen.type("/join #lobby");
    await screen.mustShow(/Channel #lobby: \d+ nicks?/);
  },
  typed: slashTyped,
  shown({ kind, who, other, text }) {
    switch (kind) {
      case "message":
        return new RegExp(`[ @]${who} \\| ${text} `);
      case "action":
        return new RegExp(` \\* \\| ${who} ${text} `);
      case "topic":
        return new RegExp(`-- \\| ${who} has changed topic for ${room} (?:from ".*" )?to "${text}"`);
      case "operator":
        return new RegExp(`-- \\| Mode ${room} \\[\\+o ${other}\\] by ${who} `);
      case "kick":
        return new RegExp(`<-- \\| ${who} has kicked ${other} \\(${text}\\)`);
      case "join":
        return new RegExp(`--> \\| ${who} \\(.*\\) has joined ${room} `);
      case "private message":
        return new RegExp(`${who} \\| ${text}`);
      case "rename":
        return new RegExp(`-- \\| ${who} is now known as ${other} `);
      case "leave":
        return new RegExp(`<-- \\| ${who} \\(.*\\) has left ${room} \\(${text}\\)`);
      case "quit":
        return new RegExp(`<-- \\| ${who} \\(.*\\) has quit`);
    }
  },
  look(screen, at) {
    screen.type(`/buffer ${at}`);
  },
};

export const irssi: Program = {
  nick: "iris",
  title: "irssi",
  command({ port, folder }) {
    mkdirSync(folder, { recursive: true });
    const settings =
      '"irc/core" = { cmd_queue_speed = "10msec"; }; core = { server_reconnect_time = "1s"; };';
    writeFileSync(join(folder, "config"), `settings = { ${settings} };\n`);
    return ["irssi", `--home=${folder}`, "--connect=localhost", `--port=${port}`, "--nick=iris"];
  },
  async comeIn(screen) {
    await screen.mustShow(/MOTD File is missing/);
    screen.type("/join #lobby");
    await screen.mustShow(/Irssi: #lobby: Total of \d+/);
  },
  typed: (event) =>
    event.kind === "leave" ? [`/part ${room} ${event.text}`, "/window goto #lobby"] : slashTyped(event),
  shown({ kind, who, other, text }) {
    switch (kind) {
      case "message":
        return new RegExp(`<[ @]${who}> ${text}$`, "m");
      case "action":
        return new RegExp(`^[\\d:]+  \\* ${who} ${text}$`, "m");
      case "topic":
        return new RegExp(`-!- ${who} changed the topic of ${room} to: ${text}$`, "m");
      case "operator":
        return new RegExp(`-!- mode/${room} \\[\\+o ${other}\\] by ${who}$`, "m");
      case "kick":
        // One's own removal is shown in another window, and that of the room is gone.
        return other === "iris"
          ? undefined
          : new RegExp(`-!- ${other} was kicked from ${room} by ${who} \\[${text}\\]$`, "m");
      case "join":
        return new RegExp(`-!- ${who} \\[.*\\] has joined ${room}$`, "m");
      case "private message":
        return new RegExp(`<${who}> ${text}$`, "m");
      case "rename":
        return new RegExp(`-!- ${who} is now known as ${other}$`, "m");
      case "leave":
        return new RegExp(`-!- ${who} \\[.*\\] has left ${room} \\[${text}\\]$`, "m");
      case "quit":
        return new RegExp(`-!- ${who} \\[.*\\] has quit`, "m");
    }
  },
  look(screen, at) {
    screen.type(`/window goto ${at}`);
  },
};

export const sic: Program = {
  nick: "sid",
  title: "sic",
  lacks: ["action"],
  command: ({ port }) => ["sic", "-h", "localhost", "-p", String(port), "-n", "sid"],
  async comeIn(screen) {
    await screen.mustShow(/MOTD File is missing/);
    screen.type(":j #lobby");
    await screen.mustShow(/>< 366 \(sid #lobby\)/);
  },
  typed({ kind, other, text }) {
    switch (kind) {
      case "message":
      case "action":
        return [`:m ${room} ${text}`];
      case "topic":
        return [`:TOPIC ${room} :${text}`];
      case "operator":
        return [`:MODE ${room} +o ${other}`];
      case "kick":
        return [`:KICK ${room} ${other} :${text}`];
      case "join":
        return [`:j ${room}`];
      case "private message":
        return [`:m ${other} ${text}`];
      case "rename":
        return [`:NICK ${other}`];
      case "leave":
        return [`:PART ${room} :${text}`];
      case "quit":
        return [`:QUIT :${text}`];
    }
  },
  shown({ kind, who, other, text }) {
    const command = (name: string, params: string, trailing: string): RegExp =>
      new RegExp(`^${who} *: .* >< ${name} \\(${params}\\): ?${trailing}`, "m");
    switch (kind) {
      case "message":
        return new RegExp(`^${room} *: .* <${who}> ${text}$`, "m");
      case "action":
        return new RegExp(`^${room} *: .* <${who}> .*ACTION ${text}`, "m");
      case "topic":
        return command("TOPIC", room, text);
      case "operator":
        return command("MODE", `${room} \\+o ${other}`, "");
      case "kick":
        return command("KICK", `${room} ${other}`, text);
      case "join":
        return command("JOIN", room, "");
      case "private message":
        return new RegExp(`<${who}> ${text}$`, "m");
      case "rename":
        return command("NICK", other, "");
      case "leave":
        return command("PART", room, text);
      case "quit":
        return command("QUIT", "", "");
    }
  },
};
