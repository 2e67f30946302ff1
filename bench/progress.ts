/** Says on standard error what is going on, and since when. */
export function progress(text: string): void {
  const seconds = String(Math.round(performance.now() / 1000)).padStart(5);
  process.stderr.write(`${seconds} s  ${text}\n`);
}
