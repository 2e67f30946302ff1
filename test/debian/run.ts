import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Cleanup, type Undoing } from "../support/cleanup.ts";
import { ServerProcess } from "../support/server-process.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { habits } from "./habits.ts";
import { irssi, sic, weechat } from "./irc-programs.ts";
import { full, netcat, plain } from "./line-programs.ts";
import { type Event, type Program, room } from "./program.ts";
import { type Screen, Tmux } from "./tmux.ts";

/**
 * Has the IRC clients that Debian packages, netcat and our own client in one room, each in a window of tmux, and looks
 * whether each shows what each does. Prints a table; ends with 1 where something was not shown.
 */
interface Person extends Program {
  name: string;
  screen: Screen;
  isInRoom: boolean;
}

const programs: readonly Program[] = [netcat, weechat, irssi, sic, plain, full];

/** Debian's packages of the programs that are needed. */
const packages: Readonly<Record<string, string>> = {
  tmux: "tmux",
  nc: "netcat-openbsd",
  weechat: "weechat-curses",
  irssi: "irssi",
  sic: "sic",
};

const kinds: readonly Event["kind"][] = [
  "message",
  "action",
  "private message",
  "topic",
  "operator",
  "kick",
  "join",
  "rename",
  "leave",
  "quit",
];

class Room {
  readonly people: Person[] = [];
  readonly failures: string[] = [];
  /** By kind of event and program: how many of how many were shown. */
  readonly #counts = new Map<string, { shown: number; all: number }>();
  #marks = 0;

  /** Everybody has seen a line by which what comes next is told from what came before. */
  async mark(): Promise<string> {
    this.#marks += 1;
    const text = `mark-${this.#marks}-here`;
    this.people[0]!.screen.type(text);
    for (const person of this.people) if (person.isInRoom) await person.screen.mustShow(new RegExp(text));
    return text;
  }

  async happens(actor: Person, kind: Event["kind"], other = "", typist = actor): Promise<void> {
    if (actor.lacks?.includes(kind) === true) return;
    const mark = await this.mark();
    const text = `${kind.replace(" ", "-")}-${actor.name}-${this.#marks}`;
    const event: Event = { kind, who: typist.name, other, text };
    const present = this.people.filter(
      ({ isInRoom, name }) => isInRoom || (kind === "join" && name === typist.name),
    );
    typist.screen.type(...typist.typed(event));
    for (const person of present) {
      if (kind === "private message" ? person.name !== other : person === typist) continue;
      const expected = person.shown(event);
      if (expected === undefined) continue;
      const isShown =
        kind === "private message"
          ? await isShownApart(person, typist.name, expected)
          : await person.screen.shows(expected, mark, 10_000);
      this.#count(kind, person, isShown);
      if (!isShown) {
        const what = `${kind} by ${typist.name} (${typist.title}) is not shown in ${person.title} as ${String(expected)}`;
        this.failures.push(`${what}:\n${person.screen.text}`);
      }
      if (kind === "private message") person.look?.(person.screen, room);
    }
  }

  #count(kind: string, person: Person, isShown: boolean): void {
    const key = `${kind} ${person.title}`;
    const count = this.#counts.get(key) ?? { shown: 0, all: 0 };
    this.#counts.set(key, { shown: count.shown + (isShown ? 1 : 0), all: count.all + 1 });
  }

  table(): string {
    const titles = this.people.map(({ title }) => title);
    const row = (cells: readonly string[]): string =>
      cells
        .map((cell) => cell.padEnd(16))
        .join("")
        .trimEnd();
    const cellOf = (kind: string, title: string): string => {
      const count = this.#counts.get(`${kind} ${title}`);
      if (count === undefined) return "–";
      return count.shown === count.all ? `✓ ${count.all}` : `✗ ${count.shown} of ${count.all}`;
    };
    return [
      row(["shown in", ...titles]),
      ...kinds.map((kind) => row([kind, ...titles.map((title) => cellOf(kind, title))])),
    ].join("\n");
  }
}

/** Where private messages have a window of their own, it is there when the first has come. */
async function isShownApart(person: Person, from: string, expected: RegExp): Promise<boolean> {
  for (let tries = 0; tries < 20; tries += 1) {
    person.look?.(person.screen, from);
    if (await person.screen.shows(expected, "", 500)) return true;
  }
  return false;
}

function missingPackages(): readonly string[] {
  return Object.entries(packages)
    .filter(([program]) => spawnSync("sh", ["-c", `command -v ${program}`]).status !== 0)
    .map(([, name]) => name);
}

async function run(undoing: Undoing): Promise<readonly string[]> {
  const folder = temporaryFolder(undoing);
  const dataFolder = join(folder, "data");
  const args = ["--prompt-after", "5"];
  const server = await ServerProcess.start(undoing, { dataFolder, args });
  const { port } = server;
  const tmux = new Tmux(undoing);
  const all = new Room();
  let opened = 0;
  const open = async (program: Program): Promise<Screen> => {
    opened += 1;
    const home = join(folder, `${program.nick}-${opened}`);
    const env = { HOME: home, XDG_CONFIG_HOME: join(home, "config"), XDG_STATE_HOME: join(home, "state") };
    const screen = tmux.open(`${program.nick}-${opened}`, program.command({ port, folder: home }), env);
    await program.comeIn(screen, { port });
    return screen;
  };
  const join_ = async (person: Person): Promise<void> => {
    person.screen.type(...person.typed({ kind: "join", who: person.name, other: "", text: "" }));
    person.isInRoom = true;
  };
  for (const program of programs) {
    const person: Person = { ...program, name: program.nick, screen: await open(program), isInRoom: false };
    await join_(person);
    all.people.push(person);
    await all.mark();
  }
  const [founder] = all.people;
  if (founder === undefined) throw new Error("There is nobody");
  for (const [index, person] of all.people.entries()) {
    const next = all.people[(index + 1) % all.people.length]!;
    process.stderr.write(`${person.title}\n`);
    await all.happens(person, "message");
    await all.happens(person, "action");
    for (const other of all.people)
      if (other !== person) await all.happens(person, "private message", other.name);
    if (person !== founder) await all.happens(person, "operator", person.name, founder);
    await all.happens(person, "topic");
    if (next !== founder) {
      await all.happens(person, "kick", next.name);
      next.isInRoom = false;
      await all.happens(next, "join");
      next.isInRoom = true;
    }
    const { name } = person;
    await all.happens(person, "rename", `${name}x`);
    person.name = `${name}x`;
    await all.happens(person, "rename", name);
    person.name = name;
    if (person === founder) continue;
    await all.happens(person, "leave");
    person.isInRoom = false;
    await all.happens(person, "join");
    person.isInRoom = true;
    await all.happens(person, "quit");
    person.isInRoom = false;
    person.screen = await open(person);
    await join_(person);
    await all.mark();
  }
  process.stdout.write(`${all.table()}\n`);
  const screenOf = (name: string): Screen => {
    const person = all.people.find(({ nick }) => nick === name);
    if (person === undefined) throw new Error(`Nobody is called ${name}`);
    return person.screen;
  };
  const screens = { netcat: screenOf("nadia"), weechat: screenOf("wendy"), irssi: screenOf("iris") };
  return [...all.failures, ...(await habits({ undoing, tmux, folder, dataFolder, server, ...screens }))];
}

const missing = missingPackages();
if (missing.length > 0) {
  process.stderr.write(`Not all programs are here. Install them: apt-get install ${missing.join(" ")}\n`);
  process.exitCode = 1;
} else {
  const failures = await Cleanup.around(run);
  for (const failure of failures) process.stderr.write(`\n${failure}\n`);
  process.stdout.write(
    failures.length === 0 ? "All was shown\n" : `${failures.length} times something was not shown\n`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
