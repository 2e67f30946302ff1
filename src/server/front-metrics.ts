import type { Connection } from "./connection.ts";
import { Histogram } from "./histogram.ts";
import { type DoorName, type EndReason, metrics } from "./metrics.ts";
import type { Sample } from "./metrics-text.ts";
import type { Readers } from "./readers.ts";

/** What a front counts as it happens, per batch and per connection; everything else is looked up when asked for. */
export class FrontMetrics {
  readonly #batches = new Histogram(metrics.roomful_delivery_batch_size.bounds);
  readonly #ended = new Map<EndReason, number>();
  #opened = 0;
  #deliveries = 0;
  /** Of connections that are closed. */
  #receivedBytes = 0;
  #sentBytes = 0;

  opened(): void {
    this.#opened += 1;
  }

  ended(reason: EndReason): void {
    this.#ended.set(reason, (this.#ended.get(reason) ?? 0) + 1);
  }

  closed(connection: Connection): void {
    const { receivedBytes, sentBytes } = connection;
    this.#receivedBytes += receivedBytes;
    this.#sentBytes += sentBytes;
  }

  /** So many tells went out in one round of writes, which brought somebody a message so many times. */
  wrote(tells: number, deliveries: number): void {
    this.#batches.observe(tells);
    this.#deliveries += deliveries;
  }

  samples(connections: Iterable<Connection>, readers: Readers): readonly Sample[] {
    const doors: Record<DoorName, number> = { line: 0, websocket: 0, irc: 0, http: 0, unknown: 0 };
    let [receivedBytes, sentBytes, backlogBytes] = [this.#receivedBytes, this.#sentBytes, 0];
    let catchingUp = 0;
    for (const connection of connections) {
      doors[connection.door?.protocol ?? "unknown"] += 1;
      receivedBytes += connection.receivedBytes;
      sentBytes += connection.sentBytes;
      backlogBytes += connection.backlog;
      if (connection.seen !== undefined && !readers.isSlow(connection)) catchingUp += 1;
    }
    const states = { live: readers.liveCount, "catching-up": catchingUp, slow: readers.slowCount };
    return [
      ...Object.entries(doors).map(
        ([door, value]): Sample => ({ metric: "roomful_connections", labels: { door }, value }),
      ),
      ...Object.entries(states).map(
        ([state, value]): Sample => ({ metric: "roomful_readers", labels: { state }, value }),
      ),
      ...[...this.#ended].map(
        ([reason, value]): Sample => ({
          metric: "roomful_connections_closed_total",
          labels: { reason },
          value,
        }),
      ),
      { metric: "roomful_connections_opened_total", value: this.#opened },
      { metric: "roomful_readers_fell_behind_total", value: readers.fellBehind },
      { metric: "roomful_deliveries_total", value: this.#deliveries },
      { metric: "roomful_delivery_batch_size", value: this.#batches.distribution },
      { metric: "roomful_backlog_bytes", value: backlogBytes },
      { metric: "roomful_received_bytes_total", value: receivedBytes },
      { metric: "roomful_sent_bytes_total", value: sentBytes },
    ];
  }
}
