import type { DeliveredByThreads } from "./load/results.ts";

/** What the server's threads used for one delivery, in microseconds of CPU. */
export interface ThreadShares {
  readonly total: number;
  /** The thread that decides; with one worker it holds the connections too. */
  readonly main: number;
  readonly journal: number;
  /** All threads that hold connections; `NaN` with one worker. */
  readonly fronts: number;
  readonly mainPerMessage: number;
}

export function threadShares(result: DeliveredByThreads): ThreadShares {
  const perDelivery = (names: RegExp): readonly number[] =>
    result.threads
      .filter(({ name }) => names.test(name))
      .map(({ seconds }) => (seconds * 1e6) / result.deliveries);
  const sum = (parts: readonly number[]): number => parts.reduce((all, part) => all + part, 0);
  const fronts = perDelivery(/^front/);
  const main = sum(perDelivery(/^(MainThread|node)$/));
  return {
    total: sum(perDelivery(/./)),
    main,
    journal: sum(perDelivery(/^journal$/)),
    fronts: fronts.length === 0 ? Number.NaN : sum(fronts),
    mainPerMessage: (main * result.deliveries) / result.messages,
  };
}
