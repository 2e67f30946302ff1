import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import test, { type TestContext } from "node:test";
import { type Refusal, type RefusalReason, refusalReasons } from "../../src/chat/refusal.ts";
import { fitMessage } from "../../src/protocols/irc/fit.ts";
import { type NumericName, numeric } from "../../src/protocols/irc/numerics.ts";
import { formatStandardReply } from "../../src/protocols/irc/standard-replies.ts";
import { refusalMessages } from "../../src/server/irc/refusals.ts";
import type { IrcSession } from "../../src/server/irc/session.ts";
import type { Settings } from "../../src/server/settings.ts";
import { databaseName } from "../../src/storage/data-folder.ts";
import { lockDatabase } from "../support/locked-database.ts";
import { everyRefusal } from "../support/refusals.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient } from "./client.ts";

/** Who asks, beside whom there are Bob, who runs `#bobs`, and Carol, who has an account and is not here. */
interface Scene {
  readonly t: TestContext;
  readonly port: number;
  readonly dataFolder: string;
  readonly me: IrcClient;
  readonly bob: IrcClient;
  readonly enter: (nick: string, ...capabilities: readonly string[]) => Promise<IrcClient>;
}

type Answers = readonly string[];

type Case =
  | {
      readonly by: (scene: Scene) => Promise<Answers>;
      /** A line that is among the answers. */
      readonly answer: RegExp;
      /** On a server of its own. */
      readonly settings?: Partial<Settings>;
    }
  /** Nothing is wrong there with asking, and nothing is answered: as other servers have it. */
  | { readonly silent: (scene: Scene) => Promise<Answers> }
  /** Why nobody can be refused so at this door. */
  | { readonly never: string };

/** A case that is asked in one go. */
function asks(lines: string | readonly string[], answer: RegExp): Case {
  return { by: ({ me }) => me.ask(...[lines].flat()), answer };
}

/** As `asks`, about a room `#its` of Bob's that is so, and that nobody else is in at first. */
function ofBobs(modes: string, line: string, answer: RegExp): Case {
  return {
    by: async ({ me, bob }) => {
      await bob.ask("JOIN #its", `MODE #its ${modes}`);
      const answers = await me.ask(line);
      // Nobody can be kept out of it any more.
      await bob.ask(`MODE #its ${modes.replace("+", "-")}`);
      return answers;
    },
    answer,
  };
}

const noSearch = "nothing is searched for at this door";
const noDevices = "no command of this door lists devices";
const saidByNickServ = "NickServ says it, and test/tls/external.test.ts is about that";
const failingDisk = "a disk that fails is the store's to test";
const password = "a-long-password";
const own = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

const cases: Readonly<Record<RefusalReason, Case>> = {
  "name-empty": asks("NICK :", / 431 \S+ :/),
  "name-white-space": asks("NICK :a b", / 432 \S+ \* :.*white space/),
  "name-slash": asks("NICK /x", / 432 \S+ \/x :/),
  "name-invisible": asks("NICK a\u200bb", / 432 \S+ a\u200bb :/),
  "name-unsafe": asks("NICK a!b", / 432 \S+ a!b :/),
  "name-too-long": asks(`NICK ${"a".repeat(40)}`, / 432 \S+ a{40} :/),
  "name-reserved": asks("NICK System", / 432 \S+ System :/),
  "name-in-use": asks("NICK bob", / 433 \S+ bob :/),
  "name-look-alike": asks("NICK B0b", / 433 \S+ B0b :/),
  "name-registered": asks("NICK Carol", / 433 \S+ Carol :/),
  "name-unchanged": { silent: ({ me }) => me.ask("NICK Me") },
  "password-empty": asks("REGISTER * * :", /^:\S+ FAIL REGISTER UNACCEPTABLE_PASSWORD Me :/),
  "password-unreadable": asks("REGISTER * * :a\x07bcdefgh", / FAIL REGISTER UNACCEPTABLE_PASSWORD Me :/),
  "password-too-short": asks("REGISTER * * x", / FAIL REGISTER WEAK_PASSWORD Me :/),
  "password-too-long": { never: "a line of this door has no room for one" },
  "email-needed": {
    by: ({ me }) => me.ask(`REGISTER * * ${password}`),
    answer: / FAIL REGISTER INVALID_EMAIL Me :/,
    settings: { requiresEmail: true },
  },
  "email-unusable": asks(`REGISTER * nowhere ${password}`, / FAIL REGISTER INVALID_EMAIL Me :/),
  "too-many-guesses": {
    by: ({ me }) => me.ask("OPER root 1", "OPER root 2", "OPER root 3"),
    answer: / FAIL OPER RATE_LIMITED :/,
    settings: { guesses: { free: 1, longestWaitMs: 60_000 } },
  },
  "not-online": asks("PRIVMSG Zed :x", / 401 \S+ Zed :/),
  "too-much-waits": {
    by: async ({ me, bob }) => {
      await bob.ask("PRIVMSG Carol :one");
      return me.ask("PRIVMSG Carol :two");
    },
    answer: / FAIL PRIVMSG CANNOT_SEND Carol :/,
    settings: { maxWaiting: 1 },
  },
  "to-oneself": { never: "at this door one may write to oneself" },
  "ignoring-oneself": asks("SILENCE +Me", / FAIL SILENCE \S+ Me :/),
  "not-ignored": asks("SILENCE -Bob", / FAIL SILENCE \S+ Bob :/),
  "too-many-ignored": {
    by: ({ me }) => me.ask("SILENCE +Bob", "SILENCE +Carol"),
    answer: / 511 \S+ Carol :/,
    settings: { maxIgnored: 1 },
  },
  "accounts-only": {
    by: async ({ me, enter }) => {
      await (await enter("Shy")).ask("MODE Shy +R");
      return me.ask("PRIVMSG Shy :x");
    },
    answer: / 477 \S+ Shy :/,
  },
  "real-name-unusable": asks(`SETNAME :${"x".repeat(400)}`, / FAIL SETNAME INVALID_REALNAME :/),
  "operator-needed": asks("KILL Bob :x", / 481 \S+ :/),
  "no-such-target": asks("METADATA Zed LIST", / FAIL METADATA INVALID_TARGET Zed :/),
  "metadata-forbidden": asks("METADATA Bob SET url :x", / FAIL METADATA KEY_NO_PERMISSION Bob url :/),
  "metadata-not-set": asks("METADATA * SET url", / FAIL METADATA KEY_NOT_SET \* url :/),
  "metadata-full": {
    by: ({ me }) => me.ask("METADATA * SET a :1", "METADATA * SET b :2"),
    answer: / FAIL METADATA LIMIT_REACHED \* :/,
    settings: { metadataKeys: 1 },
  },
  "metadata-too-long": {
    by: ({ me }) => me.ask("METADATA * SET a :12345"),
    answer: / FAIL METADATA VALUE_INVALID :/,
    settings: { metadataValueBytes: 4 },
  },
  "room-name-unusable": asks("JOIN #a\u200bb", / 403 \S+ #a\u200bb :/),
  "room-name-too-long": asks(`JOIN #${"a".repeat(80)}`, / 403 \S+ #a{80} :/),
  "room-name-taken": asks(
    ["JOIN #mine", "RENAME #mine #bobs"],
    / FAIL RENAME CHANNEL_NAME_IN_USE #mine #bobs :/,
  ),
  "no-such-room": asks("TOPIC #nowhere :x", / 403 \S+ #nowhere :/),
  "not-in-room": asks("TOPIC #bobs :x", / 442 \S+ #bobs :/),
  "in-no-room": { never: "each command of this door names its room" },
  "already-in-room": { silent: ({ me }) => me.ask("JOIN #lobby").then(() => me.ask("JOIN #lobby")) },
  "not-a-member": asks(["JOIN #mine", "KICK #mine Bob"], / 441 \S+ Bob #mine :/),
  "already-a-member": ofBobs("+t", "JOIN #its\r\nINVITE Bob #its", / 443 \S+ Bob #its :/),
  "banned-from-room": ofBobs("+b Me!*@*", "JOIN #its", / 474 \S+ #its :/),
  "invitation-needed": ofBobs("+i", "JOIN #its", / 473 \S+ #its :/),
  "account-needed": ofBobs("+R", "JOIN #its", / 477 \S+ #its :/),
  "wrong-room-key": ofBobs("+k secret", "JOIN #its wrong", / 475 \S+ #its :/),
  "room-full": ofBobs("+l 1", "JOIN #its", / 471 \S+ #its :/),
  "room-moderated": ofBobs("+m", "JOIN #its\r\nPRIVMSG #its :x", / 404 \S+ #its :.*\+m/),
  "room-without-ctcp": ofBobs("+C", "JOIN #its\r\nPRIVMSG #its :\x01VERSION\x01", / 404 \S+ #its :.*\+C/),
  "role-needed": ofBobs("+t", "JOIN #its\r\nTOPIC #its :x", / 482 \S+ #its :/),
  outranked: {
    by: async ({ me, bob }) => {
      await me.ask("JOIN #bobs");
      await bob.ask("MODE #bobs +h Me");
      return me.ask("KICK #bobs Bob");
    },
    answer: / 482 \S+ #bobs :.*ranks above/,
  },
  "not-in-lobby": asks(["JOIN #lobby", "MODE #lobby +m"], / 482 \S+ #lobby :/),
  "too-many-rooms": {
    by: ({ me }) => me.ask("JOIN #one", "JOIN #two"),
    answer: / 405 \S+ #two :You are in/,
    settings: { maxRoomsEach: 1 },
  },
  "too-many-rooms-here": {
    by: ({ me }) => me.ask("JOIN #two"),
    answer: / 405 \S+ #two :There are/,
    settings: { maxRooms: 1 },
  },
  "too-many-masks": {
    by: ({ me }) => {
      const lines = Array.from({ length: 11 }, (_, row) => {
        const masks = Array.from({ length: 10 }, (_mask, column) => `m${row}-${column}`);
        return `MODE #mine +${"b".repeat(10)} ${masks.join(" ")}`;
      });
      return me.ask("JOIN #mine", ...lines);
    },
    answer: / 478 \S+ #mine b :/,
  },
  "wrong-password": asks("OPER root wrong", / 464 \S+ :/),
  "account-exists": {
    by: async ({ port, t }) => {
      const early = await IrcClient.connect(port);
      t.after(() => early.close());
      return early.ask(
        "CAP LS 302",
        "CAP REQ standard-replies",
        "NICK Carol",
        `REGISTER Carol * ${password}`,
      );
    },
    answer: / FAIL REGISTER ACCOUNT_EXISTS Carol :/,
    settings: { registersBeforeConnect: true },
  },
  "already-signed-in": {
    by: async ({ enter }) => {
      const dora = await enter("Dora", "standard-replies");
      await dora.ask(`REGISTER * * ${password}`);
      return dora.ask(`REGISTER * * ${password}`);
    },
    answer: / FAIL REGISTER ALREADY_AUTHENTICATED Dora :/,
  },
  "clear-password":
    own === undefined
      ? { never: "this machine has no address but its own" }
      : {
          by: async ({ port, t }) => {
            const far = await IrcClient.connect(port, own);
            t.after(() => far.close());
            far.send("CAP LS 302", "CAP REQ standard-replies", "NICK Far", "USER far 0 * :Far", "CAP END");
            await far.until("422");
            return far.ask(`REGISTER * * ${password}`);
          },
          answer: / FAIL REGISTER NEED_SECURE_CONNECTION :/,
          settings: { host: "0.0.0.0" },
        },
  "not-signed-in": { never: noDevices },
  "no-certificate": { never: saidByNickServ },
  "unknown-certificate": { never: saidByNickServ },
  "certificate-taken": { never: saidByNickServ },
  "no-such-device": { never: noDevices },
  "no-such-stream": asks("CHATHISTORY LATEST #bobs * 10", / FAIL CHATHISTORY INVALID_TARGET LATEST #bobs :/),
  "text-empty": { never: "this door delivers white space, and refuses nothing at all itself" },
  "text-too-long": {
    by: ({ me }) => me.ask("JOIN #lobby", `PRIVMSG #lobby :${"x".repeat(101)}`),
    answer: / 417 \S+ :.*at most 100 bytes/,
    settings: { maxLineBytes: 100 },
  },
  "text-too-many-lines": {
    by: async ({ enter }) => {
      const dora = await enter("Dora", "standard-replies", "batch", "draft/multiline", "message-tags");
      const lines = Array.from({ length: 3 }, () => "@batch=1 PRIVMSG #lobby :x");
      return dora.ask("JOIN #lobby", "BATCH +1 draft/multiline #lobby", ...lines, "BATCH -1");
    },
    answer: / FAIL BATCH MULTILINE_MAX_LINES 2 :/,
    settings: { maxLines: 2 },
  },
  "no-such-message": {
    by: async ({ me }) => {
      // Messages are looked up in the store, behind which others are answered sooner.
      me.send("JOIN #lobby", "REDACT #lobby nothing");
      return [await me.until(/ FAIL REDACT /)];
    },
    answer: / FAIL REDACT UNKNOWN_MSGID #lobby nothing :/,
  },
  "not-your-message": {
    by: async ({ me, enter }) => {
      const eve = await enter("Eve", "message-tags", "echo-message");
      const said = await eve.ask("JOIN #lobby", "PRIVMSG #lobby :mine");
      const id = said
        .map((line) => /msgid=([^; ]+).* PRIVMSG /.exec(line)?.[1])
        .find((found) => found !== undefined);
      me.send("JOIN #lobby", `REDACT #lobby ${id ?? ""}`);
      return [await me.until(/ FAIL REDACT /)];
    },
    answer: / FAIL REDACT REDACT_FORBIDDEN #lobby \S+ :/,
  },
  "too-fast": {
    by: async ({ me }) => {
      me.send(...Array.from({ length: 40 }, () => "TIME"));
      return [await me.until(/ FAIL TIME /)];
    },
    answer: / FAIL TIME RATE_LIMITED :/,
    settings: { flood: { burst: 20, perSecond: 1 } },
  },
  "retry-mismatch": { never: "what is sent at this door is sent once" },
  overloaded: {
    by: ({ me }) => me.ask("JOIN #lobby", "PRIVMSG #lobby :x"),
    answer: / FAIL PRIVMSG TEMPORARILY_UNAVAILABLE #lobby :.*too much to do/,
    settings: { refuseAboveEvents: 0 },
  },
  "search-empty": { never: noSearch },
  "search-unended": { never: noSearch },
  "search-incomplete": { never: noSearch },
  "search-twice": { never: noSearch },
  "search-date": { never: noSearch },
  "search-too-long": { never: noSearch },
  "search-busy": { never: noSearch },
  "storage-full": {
    by: ({ me }) => me.ask("JOIN #lobby", "PRIVMSG #lobby :x"),
    answer: / FAIL PRIVMSG TEMPORARILY_UNAVAILABLE #lobby :.*no space left/,
    settings: { diskStop: { bytes: Number.MAX_SAFE_INTEGER, share: 1 } },
  },
  "storage-busy": {
    by: async ({ t, dataFolder, me }) => {
      await me.ask("JOIN #lobby");
      await lockDatabase(t, join(dataFolder, databaseName));
      return me.ask("PRIVMSG #lobby :x");
    },
    answer: / FAIL PRIVMSG TEMPORARILY_UNAVAILABLE #lobby :.*in use by another program/,
    settings: { storeBusyMs: 50 },
  },
  "storage-failing": { never: failingDisk },
  "storage-unknown": { never: failingDisk },
};

async function scene(t: TestContext, settings: Partial<Settings>): Promise<Omit<Scene, "me">> {
  const operator = { name: "root", password: "secret" };
  // Without room for messages, or past all limits, one can come in all the same.
  const { port, dataFolder } = await runServer(t, { settings: { operator, ...settings } });
  const enter = async (nick: string, ...capabilities: readonly string[]): Promise<IrcClient> => {
    const client = await IrcClient.enter(port, nick, ...capabilities);
    t.after(() => client.close());
    return client;
  };
  const carol = await enter("Carol");
  await carol.ask(`REGISTER * carol@example.com ${password}`);
  carol.send("QUIT");
  await carol.untilEnd();
  const bob = await enter("Bob");
  await bob.ask("JOIN #bobs");
  return { t, port, dataFolder, bob, enter };
}

/** Has somebody refused so, as somebody new. */
async function provoke(there: Omit<Scene, "me">, reason: string, one: Case): Promise<IrcClient | undefined> {
  if ("never" in one) {
    there.t.diagnostic(`${reason}: ${one.never}`);
    return undefined;
  }
  const me = await there.enter("Me", "standard-replies");
  const answers = await ("silent" in one ? one.silent : one.by)({ ...there, me });
  if ("silent" in one) assert.deepEqual(answers, [], reason);
  else
    assert.ok(
      answers.some((line) => one.answer.test(line)),
      `${reason}: ${answers.join("\n")}`,
    );
  return me;
}

const entries = Object.entries(cases);
const apart = entries.filter(([, one]) => "settings" in one && one.settings !== undefined);

test("what may not be is answered at a socket by its numeric or FAIL", { timeout: 120_000 }, async (t) => {
  const there = await scene(t, {});
  for (const [reason, one] of entries) {
    if ("settings" in one && one.settings !== undefined) continue;
    const me = await provoke(there, reason, one);
    me?.send("QUIT");
    await me?.untilEnd();
  }
});

for (const [reason, one] of apart) {
  test(`what may not be is answered at a socket by its numeric or FAIL: ${reason}`, async (t) => {
    const there = await scene(t, "settings" in one ? (one.settings ?? {}) : {});
    await provoke(there, reason, one);
  });
}

/** As much of a session as the words of a refusal take. */
const asker = {
  numeric: (name: NumericName, params: never, ...text: [never]) => numeric(name, "Me", params, ...text),
  fail: (command: string, code: string, context: readonly string[], description: string) =>
    formatStandardReply({ kind: "FAIL", command, code, context, description }),
} as unknown as IrcSession;

const silent: readonly string[] = entries.flatMap(([reason, one]) => ("silent" in one ? [reason] : []));

test("every reason has its numeric or FAIL, whatever was asked for, but for what is so already", () => {
  assert.deepEqual(Object.keys(everyRefusal).toSorted(), Object.keys(refusalReasons).toSorted());
  for (const refusal of Object.values<Refusal>(everyRefusal)) {
    for (const command of ["PRIVMSG", "JOIN", "REGISTER", "RENAME", "METADATA", "NICK", "*"]) {
      const lines = refusalMessages(asker, refusal, { command, target: "Bob", room: "#tea", key: "url" }).map(
        (message) => fitMessage({ source: "roomful.local", ...message }),
      );
      const what = `${refusal.reason} of ${command}: ${lines.join("")}`;
      assert.equal(lines.length, silent.includes(refusal.reason) ? 0 : 1, what);
      for (const line of lines) {
        assert.match(
          line,
          /^:roomful\.local (?:[45]\d\d Me(?: \S+)* :.+|FAIL \S+ [A-Z_]+(?: \S+)* :.+)\r\n$/,
          what,
        );
      }
    }
  }
});
