import { statSync } from "node:fs";
import { systemClock } from "../server/clock.ts";
import { showBytes } from "../server/show-bytes.ts";
import { type Configuration, configuredOptions, readConfiguration } from "./configuration.ts";
import type { CommandContext } from "./context.ts";
import { checkCertificate } from "./doctor-certificate.ts";
import { checkDataFolder } from "./doctor-folder.ts";
import { checkMachine } from "./doctor-machine.ts";
import { checkPort } from "./doctor-port.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";
import { describeOptions, UsageError } from "./options.ts";
import { watchSlow } from "./watch-slow.ts";

const doctorHelp = `Usage: roomful doctor [options]

Checks the configuration that roomful serve would run with, given the same options, its data folder and this
machine, and says what to do. It changes nothing, and can run beside the server. Exit code 1: there is a problem.

${describeOptions(configuredOptions)}
`;

/** Prints what it finds, a line per check. Resolves to the exit code. */
export async function doctor(args: readonly string[], context: CommandContext): Promise<number> {
  const configuration = tryConfiguration(args, context);
  if (configuration === undefined) {
    context.stdout.write(doctorHelp);
    return 0;
  }
  const found: Finding[] = [];
  const show = (findings: readonly Finding[]): void => {
    for (const finding of findings) context.stdout.write(lineOf(finding));
    found.push(...findings);
  };
  if ("kind" in configuration) {
    show([configuration]);
  } else {
    const { settings } = configuration;
    show(checkFile(configuration, context.platform));
    const folder = await checkDataFolder(settings.dataFolder, {
      platform: context.platform,
      casemapping: settings.casemapping,
      now: systemClock.now(),
      slowly: (bytes, work) =>
        watchSlow(work, { clock: systemClock, stderr: context.stderr, what: `Checking ${showBytes(bytes)}` }),
    });
    show(folder.findings);
    show([await checkPort(settings, { isServed: folder.isServed })]);
    show(checkCertificate(settings, systemClock.now()));
    show(checkMachine(settings));
  }
  const count = (kind: Finding["kind"]): number => found.filter((finding) => finding.kind === kind).length;
  context.stdout.write(`Problems: ${count("problem")}, warnings: ${count("warning")}\n`);
  return count("problem") === 0 ? 0 : 1;
}

function lineOf({ kind, text, advice }: Finding): string {
  return `${kind.padEnd("problem".length)}  ${text}${advice === undefined ? "" : `. To do: ${advice}`}\n`;
}

function tryConfiguration(
  args: readonly string[],
  context: CommandContext,
): Configuration | Finding | undefined {
  try {
    return readConfiguration(args, context);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return problem(error.message, "mend this first; what comes after it was not checked");
  }
}

function checkFile({ file }: Configuration, platform: NodeJS.Platform): readonly Finding[] {
  const name = `config file ${JSON.stringify(file.path)}`;
  if (!file.exists) return [ok(`${name} does not exist, which is fine`)];
  if (platform !== "win32" && (statSync(file.path).mode & 0o022) !== 0) {
    return [warning(`${name} can be changed by other users`, `chmod go-w ${JSON.stringify(file.path)}`)];
  }
  return [ok(`${name} is valid`)];
}
