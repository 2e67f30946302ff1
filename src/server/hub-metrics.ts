import type { RefusalReason } from "../chat/refusal.ts";
import type { Outcome, RecordOutcome, Result } from "../storage/journal.ts";
import { Histogram } from "./histogram.ts";
import type { Tell } from "./link.ts";
import { type CommitResult, type MessageDoor, type MessageKind, metrics } from "./metrics.ts";
import type { Sample } from "./metrics-text.ts";

/** What the hub counts as it happens: per message and per transaction, never per reader. */
export class HubMetrics {
  readonly #messages: Readonly<Record<MessageDoor, Record<MessageKind, number>>> = {
    line: noMessages(),
    websocket: noMessages(),
    irc: noMessages(),
    operator: noMessages(),
  };
  readonly #refusals = new Map<RefusalReason, number>();
  readonly #commits = new Map<CommitResult, number>();
  readonly #commitSeconds = new Histogram(metrics.roomful_commit_duration_seconds.bounds);
  readonly #commitMessages = new Histogram(metrics.roomful_commit_messages.bounds);
  readonly #latencySeconds = new Histogram(metrics.roomful_delivery_latency_seconds.bounds);
  readonly #searchSeconds = new Histogram(metrics.roomful_search_duration_seconds.bounds);

  /** A message became visible, so long after it had arrived. */
  said(door: MessageDoor, kind: MessageKind, ms: number): void {
    this.#messages[door][kind] += 1;
    this.#latencySeconds.observe(ms / 1000);
  }

  /** Looks for refusals in what is told: every one of them comes by here, whoever made it. */
  told(tell: Tell): void {
    if (tell.kind === "refused") this.#refused(tell.refusal.reason);
    else if (tell.kind === "note" && tell.note.kind === "refused") this.#refused(tell.note.refusal.reason);
  }

  committed({ outcomes, records }: Result, ms: number): void {
    const result = resultOf(outcomes, records);
    this.#commits.set(result, (this.#commits.get(result) ?? 0) + 1);
    this.#commitSeconds.observe(ms / 1000);
    if (outcomes.length > 0) this.#commitMessages.observe(outcomes.length);
  }

  searched(ms: number): void {
    this.#searchSeconds.observe(ms / 1000);
  }

  samples(): readonly Sample[] {
    return [
      ...Object.entries(this.#messages).flatMap(([door, kinds]) =>
        Object.entries(kinds).map(
          ([kind, value]): Sample => ({ metric: "roomful_messages_total", labels: { door, kind }, value }),
        ),
      ),
      ...[...this.#refusals].map(
        ([reason, value]): Sample => ({ metric: "roomful_refusals_total", labels: { reason }, value }),
      ),
      ...[...this.#commits].map(
        ([result, value]): Sample => ({ metric: "roomful_commits_total", labels: { result }, value }),
      ),
      { metric: "roomful_commit_duration_seconds", value: this.#commitSeconds.distribution },
      { metric: "roomful_commit_messages", value: this.#commitMessages.distribution },
      { metric: "roomful_search_duration_seconds", value: this.#searchSeconds.distribution },
      { metric: "roomful_delivery_latency_seconds", value: this.#latencySeconds.distribution },
    ];
  }

  #refused(reason: RefusalReason): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1);
  }
}

function noMessages(): Record<MessageKind, number> {
  return { text: 0, action: 0, notice: 0, announcement: 0, private: 0, room: 0 };
}

/** A transaction fails as a whole; an event that mismatches does not make it fail. */
function resultOf(outcomes: readonly Outcome[], records: RecordOutcome): CommitResult {
  for (const outcome of [...outcomes, records]) {
    if (outcome.kind === "not-stored" && outcome.why !== "mismatch") return outcome.why;
  }
  return "stored";
}
