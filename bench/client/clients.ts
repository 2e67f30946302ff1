import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openIrc, openRoomful, type Room } from "./rooms.ts";

/** A client that is measured, under its name in the tables. */
export interface Client {
  readonly name: string;
  readonly open: (folder: string) => Promise<Room>;
  /** All it keeps is below `folder`. */
  readonly command: (port: number, folder: string) => readonly string[];
  /** On its screen as soon as it has drawn one. */
  readonly drawn: string;
  /** What ends it when it is typed. */
  readonly leave: string;
}

const roomful: Client = {
  name: "Roomful",
  open: openRoomful,
  command: (port) => [
    process.execPath,
    fileURLToPath(new URL("../../bin/roomful.js", import.meta.url)),
    "join",
    `Alice@127.0.0.1:${port}`,
  ],
  drawn: "? help",
  leave: "\x03",
};

/** As it is by default. */
const weechat: Client = {
  name: "WeeChat",
  open: openIrc,
  command: (port, folder) => [
    "weechat",
    "--dir",
    join(folder, "weechat"),
    `irc://Alice@127.0.0.1:${port}/#lobby`,
  ],
  drawn: "] [",
  leave: "/quit\r",
};

const { status, stdout } = spawnSync("weechat", ["--version"], { encoding: "utf8" });
const hasWeechat = status === 0;

/** Roomful's, and those that are here of those it is compared with. */
export const clients: readonly Client[] = [roomful, ...(hasWeechat ? [weechat] : [])];

export const weechatFact = hasWeechat
  ? `WeeChat ${stdout.trim()}`
  : "WeeChat is not installed (`weechat` is not on the PATH): left out";
