import { networkInterfaces } from "node:os";
import { createInterface } from "node:readline";
import { systemClock } from "../server/clock.ts";
import { consoleLines } from "../server/console.ts";
import { banner } from "../server/console-banner.ts";
import { ConsoleWriter } from "../server/console-writer.ts";
import type { Log, LogRecord } from "../server/log.ts";
import { operate } from "../server/operator-commands.ts";
import { RoomfulServer } from "../server/server.ts";
import { configuredOptions, readConfiguration } from "./configuration.ts";
import type { CommandContext } from "./context.ts";
import { keepHeapSmall } from "./heap.ts";
import { describeOptions } from "./options.ts";
import { reread } from "./reload.ts";

const consoleFlushMs = 1000;
/** Ctrl-C reaches the whole group and npm passes its own on: two signals so close together are one. */
const sameSignalMs = 1000;

const serveHelp = `Usage: roomful serve [options]

Starts the server. Each option can also be set in the environment (--max-line as ROOMFUL_MAX_LINE) and, but for
--config, in a config file (max-line = 2048). The command line wins over the environment, and that over the file.

${describeOptions(configuredOptions)}
`;

/** Runs a server until it is asked to end. Resolves to the exit code. */
export async function serve(args: readonly string[], context: CommandContext): Promise<number> {
  const configuration = readConfiguration(args, context);
  if (configuration === undefined) {
    context.stdout.write(serveHelp);
    return 0;
  }
  keepHeapSmall();
  const { values, settings } = configuration;
  let running = configuration;
  const showPrivate = values["console-private"] === "show";
  const format = { format: values.log, showPrivate, now: systemClock.now };
  const writer = new ConsoleWriter(1, (lines) =>
    consoleLines({ kind: "warning", text: `${lines} console lines were dropped` }, format),
  );
  const log = (record: LogRecord): void => writer.write(consoleLines(record, format));

  let stopping: Promise<void> | undefined;
  const faulted = (error: unknown): void => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.stderr.write(`roomful: stopped by a fault: ${message}\n`);
    context.exit(1);
  };
  context.onFault(faulted);

  let reload = (): void => undefined;
  const server = await RoomfulServer.start({
    settings,
    log,
    consoleShowsPrivate: showPrivate,
    onFault: faulted,
    reread: () => reload(),
    droppedLines: () => writer.droppedLines,
  });
  const fingerprint = server.certificates?.fingerprint;
  if (values.log === "text") {
    const { host } = settings;
    writer.write(banner({ port: server.port, host, interfaces: networkInterfaces(), fingerprint }));
  } else {
    log({ kind: "info", text: `Listening on port ${server.port}` });
    if (fingerprint !== undefined) log({ kind: "info", text: `TLS certificate: SHA-256 ${fingerprint}` });
  }
  return new Promise((resolve) => {
    let asked = 0;
    const stop = (): void => {
      if (stopping !== undefined) {
        if (systemClock.monotonic() - asked > sameSignalMs) context.exit(1);
        return;
      }
      asked = systemClock.monotonic();
      log({ kind: "info", text: "Shutting down" });
      stopping = server.stop().then(async () => {
        await writer.flushed(consoleFlushMs);
        resolve(0);
        // A console that takes nothing has a write under way, which would keep the process alive.
        context.exit(0);
      });
      stopping.catch(faulted);
    };
    context.onSignal(stop);
    reload = () => {
      if (stopping !== undefined) return;
      const { configuration: next, records } = reread(running, () => readConfiguration(args, context));
      running = next;
      format.showPrivate = next.values["console-private"] === "show";
      server.change({ settings: next.settings, consoleShowsPrivate: format.showPrivate });
      for (const record of records) log(record);
    };
    context.onReload(() => reload());
    const answer = (text: string): void => {
      if (values.log === "text") writer.write(`${text}\n`);
      else log({ kind: "info", text });
    };
    if (context.stdin.isTTY) readOperator(server, { context, answer, log, stop, reload: () => reload() });
  });
}

function readOperator(
  server: RoomfulServer,
  io: {
    readonly context: CommandContext;
    readonly answer: (line: string) => void;
    readonly log: Log;
    readonly stop: () => void;
    readonly reload: () => void;
  },
): void {
  const lines = createInterface({ input: io.context.stdin, terminal: false });
  lines.on("line", (line) => {
    operate(line, { server, clock: systemClock, stop: io.stop, reload: io.reload }).then(
      (answers) => answers.forEach(io.answer),
      (error: unknown) =>
        io.log({ kind: "warning", text: error instanceof Error ? error.message : String(error) }),
    );
  });
}
