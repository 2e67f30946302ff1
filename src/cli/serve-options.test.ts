import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { environmentName, readOptions, UsageError } from "./options.ts";
import { serveOptions, settingsOf } from "./serve-options.ts";

interface Example {
  readonly given: string;
  /** What it sets; `undefined` where it is not a setting of the server but of the command. */
  readonly sets: readonly [setting: string, value: unknown] | undefined;
  /** What is no such value; `undefined` where every text is one. */
  readonly wrong: string | undefined;
}

/** Some text file. */
const motd = fileURLToPath(new URL("../../.npmrc", import.meta.url));

/** Each option with a value that is not its default. */
const examples: Readonly<Record<keyof typeof serveOptions, Example>> = {
  host: { given: "::1", sets: ["host", "::1"], wrong: undefined },
  port: { given: "6000", sets: ["port", 6000], wrong: "65536" },
  data: { given: "/elsewhere", sets: ["dataFolder", "/elsewhere"], wrong: undefined },
  workers: { given: "9", sets: ["workers", 9], wrong: "0" },
  "multiline-bytes": { given: "8192", sets: ["maxMultilineBytes", 8192], wrong: "511" },
  "multiline-lines": { given: "10", sets: ["maxLines", 10], wrong: "1" },
  "max-line": { given: "512", sets: ["maxLineBytes", 512], wrong: "63" },
  "flood-limit": { given: "9/3", sets: ["flood", { burst: 9, perSecond: 3 }], wrong: "9/0" },
  "address-limit": { given: "off", sets: ["addressLimit", Number.POSITIVE_INFINITY], wrong: "0" },
  "server-name": { given: "My.Little.Server", sets: ["serverName", "My.Little.Server"], wrong: "server" },
  "network-name": { given: "ExampleNet", sets: ["networkName", "ExampleNet"], wrong: "a b" },
  casemapping: { given: "rfc1459", sets: ["casemapping", "rfc1459"], wrong: "unicode" },
  password: { given: "secret", sets: ["connectionPassword", "secret"], wrong: undefined },
  motd: { given: motd, sets: ["motd", ["omit-lockfile-registry-resolved=true"]], wrong: "/no/such/file" },
  admin: { given: "ann@example.org", sets: ["adminContact", "ann@example.org"], wrong: undefined },
  oper: { given: "ann:a:b", sets: ["operator", { name: "ann", password: "a:b" }], wrong: "ann" },
  "register-before-connect": { given: "on", sets: ["registersBeforeConnect", true], wrong: "yes" },
  "register-email": { given: "required", sets: ["requiresEmail", true], wrong: "on" },
  tls: { given: "required", sets: ["tls", "required"], wrong: "maybe" },
  "tls-cert": { given: "cert.pem", sets: undefined, wrong: undefined },
  "tls-key": { given: "key.pem", sets: undefined, wrong: undefined },
  "proxy-from": { given: "10.0.0.0/8,::1", sets: ["proxyFrom", ["10.0.0.0/8", "::1"]], wrong: "all" },
  "clear-passwords": { given: "always", sets: ["clearPasswords", "always"], wrong: "never" },
  "min-password": { given: "8", sets: ["minPasswordCharacters", 8], wrong: "0" },
  "password-checks": { given: "1", sets: ["passwordChecks", 1], wrong: "0" },
  "password-queue": { given: "0", sets: ["passwordQueue", 0], wrong: "10001" },
  "guess-limit": { given: "3/60", sets: ["guesses", { free: 3, longestWaitMs: 60_000 }], wrong: "0/60" },
  "address-guess-limit": { given: "off", sets: ["addressGuesses", undefined], wrong: "20/86401" },
  "prompt-after": { given: "3", sets: ["promptMs", 3000], wrong: "soon" },
  "detection-timeout": { given: "0.5", sets: ["detectionMs", 500], wrong: "0" },
  "login-timeout": { given: "7", sets: ["loginMs", 7000], wrong: "7 s" },
  "stall-timeout": { given: "8", sets: ["stallMs", 8000], wrong: "86401" },
  "drain-timeout": { given: "9", sets: ["drainMs", 9000], wrong: "never" },
  sts: { given: "30", sets: ["stsSeconds", 2_592_000], wrong: "soon" },
  linger: { given: "0", sets: ["lingerMs", 0], wrong: "soon" },
  heartbeat: { given: "10", sets: ["heartbeatMs", 10_000], wrong: "0.05" },
  "max-backlog": { given: "4096", sets: ["maxBacklogBytes", 4096], wrong: "1 MB" },
  "max-rooms": { given: "5", sets: ["maxRooms", 5], wrong: "1000001" },
  "max-waiting": { given: "7", sets: ["maxWaiting", 7], wrong: "many" },
  "max-rooms-each": { given: "6", sets: ["maxRoomsEach", 6], wrong: "0" },
  "max-ignored": { given: "5", sets: ["maxIgnored", 5], wrong: "0" },
  "max-monitored": { given: "5", sets: ["maxMonitored", 5], wrong: "0" },
  "metadata-keys": { given: "5", sets: ["metadataKeys", 5], wrong: "1001" },
  "metadata-value": { given: "100", sets: ["metadataValueBytes", 100], wrong: "0" },
  "metadata-subs": { given: "6", sets: ["metadataSubscriptions", 6], wrong: "many" },
  "metadata-rate": { given: "9/3", sets: ["metadataRate", { burst: 9, perSecond: 3 }], wrong: "9/0" },
  "keep-empty-rooms": { given: "2", sets: ["keepEmptyRoomsMs", 172_800_000], wrong: "0" },
  "join-history": { given: "0", sets: ["joinHistory", 0], wrong: "101" },
  "max-page": { given: "50", sets: ["maxPageEvents", 50], wrong: "0" },
  "search-hits": { given: "5", sets: ["searchHits", 5], wrong: "0" },
  "search-rows": { given: "1000", sets: ["searchRows", 1000], wrong: "all" },
  "search-time": { given: "2", sets: ["searchMs", 2000], wrong: "0" },
  "search-waiting": { given: "3", sets: ["searchWaiting", 3], wrong: "0" },
  "memory-history": { given: "100", sets: ["feedEvents", 100], wrong: "99" },
  "pause-above": { given: "11", sets: ["pauseAbove", 11], wrong: "1e3" },
  "refuse-above": { given: "12", sets: ["refuseAboveEvents", 12], wrong: "0" },
  "store-busy-timeout": { given: "0", sets: ["storeBusyMs", 0], wrong: "2,5" },
  "keep-messages": { given: "100000", sets: ["keepMessages", 100_000], wrong: "0" },
  "keep-for": { given: "1.5", sets: ["keepMs", 129_600_000], wrong: "never" },
  "disk-warn": {
    given: "2GiB",
    sets: ["diskWarn", { bytes: 2 ** 31, share: Number.POSITIVE_INFINITY }],
    wrong: "120%",
  },
  "disk-stop": { given: "50MB/0.5%", sets: ["diskStop", { bytes: 5e7, share: 0.005 }], wrong: "1GiB/2GiB" },
  "allow-host": {
    given: "Chat,example.org",
    sets: ["allowedHosts", ["chat", "example.org"]],
    wrong: undefined,
  },
  acme: {
    given: "Chat.example.org,example.org",
    sets: ["acmeDomains", ["chat.example.org", "example.org"]],
    wrong: "*.example.org",
  },
  "acme-email": { given: "ann@example.org", sets: ["acmeEmail", "ann@example.org"], wrong: "ann" },
  "acme-directory": {
    given: "https://ca.example/directory",
    sets: ["acmeDirectory", "https://ca.example/directory"],
    wrong: "http://ca.example/directory",
  },
  "acme-challenge": {
    given: "tls-alpn-01",
    sets: ["acmeChallenge", "tls-alpn-01"],
    wrong: "dns-01",
  },
  "monitor-from": {
    given: "10.0.0.0/8,2001:db8::7",
    sets: ["monitorFrom", ["10.0.0.0/8", "2001:db8::7"]],
    wrong: "10.0.0.0/33",
  },
  "console-private": { given: "hide", sets: undefined, wrong: "HIDE" },
  log: { given: "json", sets: undefined, wrong: "yaml" },
};

const defaultFolder = "/default";

function settings(environment: Readonly<Record<string, string>>): object {
  const { values } = readOptions(serveOptions, [], environment);
  return settingsOf(values, values.data ?? defaultFolder);
}

for (const [name, { given, sets, wrong }] of Object.entries(examples)) {
  const variable = environmentName(name);

  test(`${variable} is read as --${name} is, and sets what it says and nothing else`, () => {
    assert.equal(variable, `ROOMFUL_${name.replaceAll("-", "_").toUpperCase()}`);
    const fromEnvironment = readOptions(serveOptions, [], { [variable]: given }).values;
    assert.deepEqual(fromEnvironment, readOptions(serveOptions, [`--${name}`, given], {}).values);
    assert.notDeepEqual(fromEnvironment, readOptions(serveOptions, [], {}).values);
    assert.deepEqual(settings({ [variable]: given }), {
      ...settings({}),
      ...(sets && Object.fromEntries([sets])),
    });
  });

  test(`--${name} wins over ${variable}, and an empty ${variable} is none`, () => {
    const both = readOptions(serveOptions, [`--${name}`, given], { [variable]: wrong ?? "other" }).values;
    assert.deepEqual(both, readOptions(serveOptions, [`--${name}`, given], {}).values);
    assert.deepEqual(settings({ [variable]: "" }), settings({}));
  });

  if (wrong === undefined) continue;
  test(`a wrong value is refused by the name it was given under: ${variable}, --${name}`, () => {
    const { wanted } = serveOptions[name as keyof typeof serveOptions];
    const refused = (where: string) => new UsageError(`Cannot read ${where}: "${wrong}" is not ${wanted}`);
    assert.throws(() => settings({ [variable]: wrong }), refused(variable));
    assert.throws(() => readOptions(serveOptions, [`--${name}`, wrong], {}), refused(`--${name}`));
  });
}
