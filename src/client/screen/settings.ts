import { parse, TomlError } from "smol-toml";
import { quoted } from "../../chat/text.ts";
import { parseStyle, type Role, roles } from "./theme.ts";

/** How the full-screen client looks and behaves. */
export interface ScreenSettings {
  /** Whether the terminal's bell rings when one is mentioned. */
  readonly bell: boolean;
  /** Whether the terminal is asked to show a notification (OSC 9) when one is mentioned. */
  readonly notifications: boolean;
  /** Whether the wheel scrolls; where not, the terminal selects text by itself. */
  readonly mouse: boolean;
  readonly background: "auto" | "dark" | "light";
  /** Columns for who is here, where the terminal has `peopleFrom` or more; 0: never. */
  readonly peopleWidth: number;
  readonly peopleFrom: number;
  /** Columns for the rooms, where there are several and the terminal has `roomsFrom` or more; 0: in the title. */
  readonly roomsWidth: number;
  readonly roomsFrom: number;
  readonly nameWidth: number;
  readonly theme: Readonly<Partial<Record<Role, string>>>;
  readonly servers: readonly RememberedServer[];
}

interface RememberedServer {
  readonly address: string;
  /** What it is called where it is offered. */
  readonly label: string | undefined;
}

export const defaultSettings: ScreenSettings = {
  bell: false,
  notifications: true,
  mouse: true,
  background: "auto",
  peopleWidth: 18,
  peopleFrom: 80,
  roomsWidth: 18,
  roomsFrom: 100,
  nameWidth: 12,
  theme: {},
  servers: [],
};

/** A settings file that cannot be read; the message is a sentence for people. */
class ScreenSettingsError extends Error {
  override readonly name = "AddressError";
}

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads the settings file.
 *
 * @throws an error named `AddressError`, as other mistakes in what was asked for, whose message says what is wrong.
 */
export function parseSettings(toml: string, path: string): ScreenSettings {
  const fail = (why: string): never => {
    throw new ScreenSettingsError(`Cannot read ${path}: ${why}`);
  };
  const file = tableOf(toml, fail);
  const known =
    "bell notifications mouse background people-width people-from rooms-width rooms-from name-width theme server".split(
      " ",
    );
  for (const name of Object.keys(file)) {
    if (!known.includes(name)) fail(`"${quoted(name)}" is no setting (${known.join(", ")})`);
  }
  const is = (name: string, fallback: boolean): boolean => {
    const value = file[name] ?? fallback;
    return typeof value === "boolean" ? value : fail(`${name} is not true or false`);
  };
  const number = (name: string, fallback: number, [min, max]: readonly [number, number]): number => {
    const value = file[name] ?? fallback;
    const good = typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;
    return good ? value : fail(`${name} is not a number of columns (${min} to ${max})`);
  };
  const { background = "auto" } = file;
  if (background !== "auto" && background !== "dark" && background !== "light") {
    return fail('background is not "auto", "dark" or "light"');
  }
  return {
    bell: is("bell", defaultSettings.bell),
    notifications: is("notifications", defaultSettings.notifications),
    mouse: is("mouse", defaultSettings.mouse),
    background,
    peopleWidth: number("people-width", defaultSettings.peopleWidth, [0, 40]),
    peopleFrom: number("people-from", defaultSettings.peopleFrom, [40, 1000]),
    roomsWidth: number("rooms-width", defaultSettings.roomsWidth, [0, 40]),
    roomsFrom: number("rooms-from", defaultSettings.roomsFrom, [60, 1000]),
    nameWidth: number("name-width", defaultSettings.nameWidth, [4, 32]),
    theme: themeOf(file["theme"] ?? {}, fail),
    servers: serversOf(file["server"] ?? [], fail),
  };
}

function tableOf(toml: string, fail: (why: string) => never): Table {
  try {
    return parse(toml);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [first = ""] = error.message.split("\n");
    return fail(`line ${error.line}: ${first}`);
  }
}

function isTable(value: unknown): value is Table {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function themeOf(table: unknown, fail: (why: string) => never): ScreenSettings["theme"] {
  if (!isTable(table)) return fail("[theme] is not a table");
  const styles: Partial<Record<Role, string>> = {};
  for (const [name, style] of Object.entries(table)) {
    const role = roles.find((each) => each === name);
    if (role === undefined) return fail(`"${quoted(name)}" is no part of the theme (${roles.join(", ")})`);
    const code = typeof style === "string" ? parseStyle(style) : undefined;
    if (code === undefined) return fail(`theme.${name} is not a style (as in "bold yellow on 236")`);
    styles[role] = code;
  }
  return styles;
}

function serversOf(list: unknown, fail: (why: string) => never): readonly RememberedServer[] {
  if (!Array.isArray(list)) return fail("server is not a list ([[server]])");
  return list.map((server: unknown) => {
    if (!isTable(server) || typeof server["address"] !== "string") return fail("a [[server]] has no address");
    const { address, label } = server;
    return { address, label: typeof label === "string" ? label : undefined };
  });
}
