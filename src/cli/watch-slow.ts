import type { Clock } from "../server/clock.ts";

const everyMs = 1000;
/** In a log a line now and then is enough. */
const everySecondsInLog = 10;

/** Says on standard error how long some work takes, where that is more than a second. */
export async function watchSlow<T>(
  work: Promise<T>,
  means: {
    readonly clock: Pick<Clock, "after">;
    readonly stderr: Pick<NodeJS.WriteStream, "isTTY" | "write">;
    readonly what: string;
  },
): Promise<T> {
  const { clock, stderr, what } = means;
  let seconds = 0;
  const tick = (): ReturnType<Clock["after"]> =>
    clock.after(everyMs, () => {
      seconds += 1;
      if (stderr.isTTY) stderr.write(`\r\x1b[K${what}: ${seconds} s`);
      else if (seconds % everySecondsInLog === 1) stderr.write(`${what}: ${seconds} s\n`);
      timer = tick();
    });
  let timer = tick();
  try {
    return await work;
  } finally {
    timer.cancel();
    if (seconds > 0 && stderr.isTTY) stderr.write("\r\x1b[K");
  }
}
