import { median, ratio, shown } from "../statistics.ts";
import { type ClientResult, messagesPerSecond } from "./measure.ts";

const load = `at ${messagesPerSecond} messages/s`;

const figures: readonly { readonly title: string; readonly value: (result: ClientResult) => number }[] = [
  { title: "start to a first screen, ms", value: (result) => result.drawnMs },
  { title: "start to the room and what was said in it, ms", value: (result) => result.inRoomMs },
  { title: "very first start to a first screen, ms", value: (result) => result.firstDrawnMs },
  { title: "idle, CPU ms/s", value: (result) => result.idleCpuMsPerSecond },
  { title: `${load}: CPU, part of a core`, value: (result) => result.loadShare },
  { title: `${load}: key to its echo, p50 ms`, value: (result) => result.keyP50Ms },
  { title: `${load}: key to its echo, p99 ms`, value: (result) => result.keyP99Ms },
  { title: `${load}: last message to the screen, ms`, value: (result) => result.lastShownMs },
  { title: `${load}: KB/s to the terminal`, value: (result) => result.writtenPerSecond / 1000 },
  { title: "resident after it, MB", value: (result) => result.residentBytes / 1e6 },
];

/** The rows of the clients' table: medians of Roomful's runs, and of each peer's with Roomful's ratio to it. */
export function clientRows(
  own: readonly ClientResult[],
  peers: readonly (readonly ClientResult[])[],
): readonly (readonly string[])[] {
  return figures.map(({ title, value }) => {
    const ownMedian = median(own.map(value));
    const others = peers.flatMap((results) => {
      const peerMedian = median(results.map(value));
      return [shown(peerMedian), ratio(ownMedian, peerMedian)];
    });
    return [title, shown(ownMedian), ...others];
  });
}
