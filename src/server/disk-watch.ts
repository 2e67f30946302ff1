import { stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { databaseName } from "../storage/data-folder.ts";
import type { Clock } from "./clock.ts";
import type { Log } from "./log.ts";
import type { DiskMark, Settings } from "./settings.ts";
import { showBytes } from "./show-bytes.ts";

/** What others write is seen so soon, and what this server writes after so much of it: it may write fast. */
const lookEveryMs = 2000;
const lookAfterBytes = 2 * 1024 * 1024;
/** What a message takes beside its text: its row, its index, and its pages in the log. */
const overheadBytes = 512;
/** It is over only with so much more than the mark, so that the edge is not crossed to and fro. */
const recovery = 1.05;

type Level = "fine" | "low" | "stopped";

export interface DiskWatchOptions {
  readonly settings: Pick<Settings, "dataFolder" | "diskWarn" | "diskStop">;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Looks at the free space of the data folder's disk, and tells the operator when it runs low. Below the lower mark
 * nothing more is to be stored: what fails on a full disk may be anything (a checkpoint, another program), and
 * what is left is for getting out of it.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  #level: Level = "fine";
  #grownBytes = 0;
  #looking = false;
  #timer: ReturnType<Clock["after"]> | undefined;
  #isClosed = false;

  private constructor(options: DiskWatchOptions) {
    this.#options = options;
  }

  /** Resolves after the first look. */
  static async open(options: DiskWatchOptions): Promise<DiskWatch> {
    const watch = new DiskWatch(options);
    const { diskWarn, diskStop } = options.settings;
    if (diskWarn !== undefined || diskStop !== undefined) await watch.#lookOn();
    return watch;
  }

  /** Whether messages are to be refused. */
  get isStopped(): boolean {
    return this.#level === "stopped";
  }

  /** A message with a text of about so many bytes is to be stored. */
  grew(textBytes: number): void {
    this.#grownBytes += textBytes + overheadBytes;
    if (this.#grownBytes >= lookAfterBytes && this.#timer !== undefined) void this.#look();
  }

  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  async #lookOn(): Promise<void> {
    await this.#look();
    if (this.#isClosed) return;
    this.#timer = this.#options.clock.after(lookEveryMs, () => void this.#lookOn());
  }

  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    this.#grownBytes = 0;
    try {
      const { dataFolder } = this.#options.settings;
      const [{ bavail, blocks, bsize }, logBytes] = await Promise.all([
        statfs(dataFolder),
        sizeOf(join(dataFolder, `${databaseName}-wal`)),
      ]);
      // The next checkpoint writes what is in the log once more, all at once.
      this.#judge(Math.max(0, bavail * bsize - logBytes), blocks * bsize);
    } catch {
      // A disk that cannot be asked is not known to be full; what fails on it is told by the store.
    } finally {
      this.#looking = false;
    }
  }

  #judge(freeBytes: number, diskBytes: number): void {
    const { diskWarn, diskStop } = this.#options.settings;
    const before = this.#level;
    const below = (mark: DiskMark | undefined, wasBelow: boolean): boolean =>
      freeBytes < bytesOf(mark, diskBytes) * (wasBelow ? recovery : 1);
    const isStopped = below(diskStop, before === "stopped");
    const isLow = isStopped || below(diskWarn, before !== "fine");
    this.#level = isStopped ? "stopped" : isLow ? "low" : "fine";
    if (this.#level === before || this.#isClosed) return;
    this.#options.log({
      kind: this.#level === "fine" ? "info" : "warning",
      text: this.#news(before, freeBytes, diskBytes),
    });
  }

  #news(before: Level, freeBytes: number, diskBytes: number): string {
    const { diskWarn, diskStop } = this.#options.settings;
    const free = `${showBytes(freeBytes)} are free on the disk of the data folder`;
    if (this.#level === "stopped") {
      const mark = showBytes(bytesOf(diskStop, diskBytes));
      return `Messages are refused: ${free}, and below ${mark} nothing is stored (--disk-stop)`;
    }
    if (before === "stopped") return `Messages are stored again: ${free}`;
    if (this.#level === "fine") return `The disk is no longer low: ${free}`;
    return `The disk runs low: ${free}, less than ${showBytes(bytesOf(diskWarn, diskBytes))} (--disk-warn)`;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

function bytesOf(mark: DiskMark | undefined, diskBytes: number): number {
  return mark === undefined ? 0 : Math.min(mark.bytes, mark.share * diskBytes);
}
