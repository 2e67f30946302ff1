import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Settings } from "../../src/server/settings.ts";
import { runServer } from "../support/running-server.ts";
import { IrcClient, plain } from "./client.ts";

interface Claims {
  readonly port: number;
  readonly ann: IrcClient;
  /** What is said of this token; a number where it is one. */
  readonly value: (name: string) => string;
  readonly count: (name: string) => number;
}

/** Somebody who has come in, in `#a`, and what he was told that the server supports. */
async function claims(context: TestContext, settings: Partial<Settings> = {}): Promise<Claims> {
  const { port } = await runServer(context, { settings });
  const ann = await IrcClient.connect(port);
  ann.send("NICK ann", "USER ann 0 * :Ann");
  const told = [await ann.until("005")];
  told.push(...(await ann.ask()).filter((line) => / 005 /.test(line)));
  const tokens = new Map(
    told
      .flatMap((line) =>
        line
          .replace(/ :are supported by this server$/, "")
          .split(" ")
          .slice(3),
      )
      .map((token) => token.split("=") as [string, string | undefined]),
  );
  const value = (name: string): string => {
    assert.ok(tokens.has(name), name);
    return tokens.get(name) ?? "";
  };
  await ann.ask("JOIN #a");
  return { port, ann, value, count: (name) => Number(value(name)) };
}

/** Each token against what the server does: https://modern.ircdocs.horse/#rplisupport-parameters */
const truths: Readonly<Record<string, (claims: Claims) => Promise<void>>> = {
  "NICKLEN and CHANNELLEN": async ({ ann, count }) => {
    assert.ok(count("NICKLEN") >= 20 && count("CHANNELLEN") >= 20);
    const nick = "n".repeat(count("NICKLEN"));
    const channel = `#${"c".repeat(count("CHANNELLEN") - 1)}`;
    assert.match(plain(await ann.ask(`NICK ${nick}n`))[0] ?? "", /^432 /);
    assert.deepEqual(plain(await ann.ask(`NICK ${nick}`)), [`:ann NICK ${nick}`]);
    assert.match(plain(await ann.ask(`JOIN ${channel}c`))[0] ?? "", /^403 /);
    assert.equal(plain(await ann.ask(`JOIN ${channel}`))[0], `:${nick} JOIN ${channel}`);
  },
  "TOPICLEN, KICKLEN and AWAYLEN": async ({ port, ann, count }) => {
    const most = (name: string, letter: string): string => letter.repeat(count(name));
    assert.deepEqual(plain(await ann.ask(`TOPIC #a :${most("TOPICLEN", "t")}more`)), [
      `:ann TOPIC #a :${most("TOPICLEN", "t")}`,
    ]);
    const bob = await IrcClient.enter(port, "bob");
    assert.equal(plain(await bob.ask("TOPIC #a"))[0], `332 #a :${most("TOPICLEN", "t")}`);
    await bob.ask("JOIN #a", `AWAY :${most("AWAYLEN", "a")}more`);
    assert.equal(plain(await ann.ask("PRIVMSG bob :hi")).at(-1), `301 bob :${most("AWAYLEN", "a")}`);
    assert.deepEqual(plain(await ann.ask(`KICK #a bob :${most("KICKLEN", "k")}more`)), [
      `:ann KICK #a bob :${most("KICKLEN", "k")}`,
    ]);
    // Between characters, and never inside one.
    await ann.ask(`TOPIC #a :x${"ä".repeat(count("TOPICLEN") / 2)}`);
    const topic = plain(await bob.ask("TOPIC #a")).find((line) => line.startsWith("332"));
    assert.equal(topic, `332 #a :x${"ä".repeat(count("TOPICLEN") / 2 - 1)}`);
  },
  "USERLEN and NAMELEN": async ({ port, count }) => {
    const bob = await IrcClient.connect(port);
    bob.send("NICK bob", `USER ${"u".repeat(40)} 0 * :${"r".repeat(450)}`);
    await bob.until("422");
    const [, , , , user = "", ...rest] = (await bob.ask("WHOIS bob"))[0]?.split(" ") ?? [];
    assert.equal(user, `~${"u".repeat(count("USERLEN") - 1)}`);
    assert.equal(rest.at(-1), `:${"r".repeat(count("NAMELEN"))}`);
  },
  KEYLEN: async ({ ann, count }) => {
    const key = "k".repeat(count("KEYLEN"));
    assert.match(plain(await ann.ask(`MODE #a +k ${key}k`))[0] ?? "", /^696 #a k /);
    assert.deepEqual(plain(await ann.ask(`MODE #a +k ${key}`, "MODE #a"))[1], `324 #a +knt ${key}`);
  },
  "CHANMODES and PREFIX: each letter is a mode, of the type that is said": async ({ port, ann, value }) => {
    await IrcClient.enter(port, "bob").then((bob) => bob.ask("JOIN #a"));
    await ann.ask();
    const [lists = "", settings = "", whenSet = "", flags = ""] = value("CHANMODES").split(",");
    for (const letter of lists) {
      assert.deepEqual(plain(await ann.ask(`MODE #a +${letter} x!*@*`)), [`:ann MODE #a +${letter} x!*@*`]);
      assert.match(plain(await ann.ask(`MODE #a ${letter}`)).join("\n"), / x!\*@\* ann T\n\d{3} #a :End of /);
      assert.deepEqual(plain(await ann.ask(`MODE #a -${letter} x!*@*`)), [`:ann MODE #a -${letter} x!*@*`]);
    }
    assert.equal(settings, "k");
    assert.deepEqual(plain(await ann.ask("MODE #a +k x", "MODE #a -k x")), [
      ":ann MODE #a +k *",
      ":ann MODE #a -k *",
    ]);
    assert.equal(whenSet, "l");
    assert.deepEqual(plain(await ann.ask("MODE #a +l 9", "MODE #a -l")), [
      ":ann MODE #a +l 9",
      ":ann MODE #a -l",
    ]);
    for (const letter of flags) {
      const isSet = "nt".includes(letter);
      const [on, off] = isSet ? ["-", "+"] : ["+", "-"];
      assert.deepEqual(plain(await ann.ask(`MODE #a ${on}${letter}`, `MODE #a ${off}${letter}`)), [
        `:ann MODE #a ${on}${letter}`,
        `:ann MODE #a ${off}${letter}`,
      ]);
    }
    const [, ranks = "", prefixes = ""] = /^\((\w+)\)(\S+)$/.exec(value("PREFIX")) ?? [];
    assert.equal(ranks.length, prefixes.length);
    await ann.ask("OPER boss sesame");
    for (const [index, letter] of Array.from(ranks).entries()) {
      assert.deepEqual(plain(await ann.ask(`MODE #a +${letter} bob`)), [`:ann MODE #a +${letter} bob`]);
      assert.match(plain(await ann.ask("NAMES #a"))[0] ?? "", new RegExp(` \\${prefixes[index]}bob$`));
      await ann.ask(`MODE #a -${letter} bob`);
    }
  },
  "CHANTYPES and CHANLIMIT": async ({ ann, value }) => {
    assert.equal(value("CHANTYPES"), "#");
    assert.equal(value("CHANLIMIT"), "#:3");
    await ann.ask("JOIN #b,#c");
    assert.match(plain(await ann.ask("JOIN #d"))[0] ?? "", /^405 #d :/);
  },
  "TARGMAX and MAXTARGETS": async ({ port, ann, value, count }) => {
    const limits = new Map(
      value("TARGMAX")
        .split(",")
        .map((pair) => pair.split(":") as [string, string]),
    );
    const nicks = ["b1", "b2", "b3", "b4", "b5"];
    for (const nick of nicks) await IrcClient.enter(port, nick);
    assert.equal(Number(limits.get("PRIVMSG")), count("MAXTARGETS"));
    for (const command of ["PRIVMSG", "TAGMSG"]) {
      assert.equal(limits.get(command), "4");
      const text = command === "TAGMSG" ? "" : " :hi";
      assert.deepEqual(plain(await ann.ask(`${command} ${nicks.join(",")}${text}`)), [
        "407 b5 :Too many targets",
      ]);
    }
    assert.equal(limits.get("NOTICE"), "4");
    const whois = plain(await ann.ask(`WHOIS ${nicks.join(",")}`));
    assert.equal(whois.filter((line) => line.startsWith("311")).length, Number(limits.get("WHOIS")));
    for (const unlimited of ["NAMES", "LIST", "KICK", "MONITOR"]) assert.equal(limits.get(unlimited), "");
    assert.equal(plain(await ann.ask(`NAMES ${Array(30).fill("#a").join(",")}`)).length, 60);
  },
  MODES: async ({ ann, count }) => {
    const masks = Array.from({ length: count("MODES") }, (_, index) => `m${index}!*@*`);
    const [told = ""] = plain(await ann.ask(`MODE #a +${"b".repeat(masks.length)} ${masks.join(" ")}`));
    assert.equal(told, `:ann MODE #a +${"b".repeat(masks.length)} ${masks.join(" ")}`);
  },
  STATUSMSG: async ({ port, ann, value }) => {
    const bob = await IrcClient.enter(port, "bob");
    await bob.ask("JOIN #a");
    const carl = await IrcClient.enter(port, "carl");
    await carl.ask("JOIN #a");
    await ann.ask("MODE #a +v bob", "OPER boss sesame");
    await bob.ask();
    await carl.ask();
    for (const prefix of value("STATUSMSG")) {
      await ann.ask(`PRIVMSG ${prefix}#a :to ${prefix}`);
      const wanted = prefix === "+" ? [":ann PRIVMSG +#a :to +"] : [];
      assert.deepEqual(plain(await bob.ask()), wanted, prefix);
      assert.deepEqual(plain(await carl.ask()), [], prefix);
    }
    // Of several prefixes the lowest counts.
    await ann.ask("PRIVMSG @+#a :hi");
    assert.deepEqual(plain(await bob.ask()), [":ann PRIVMSG +#a :hi"]);
    assert.deepEqual(plain(await carl.ask()), []);
  },
  "ELIST: each condition": async ({ ann, value }) => {
    assert.deepEqual(Array.from(value("ELIST")).sort(), ["C", "M", "N", "T", "U"]);
    await ann.ask("JOIN #b", "TOPIC #b :b");
    const listed = async (conditions: string): Promise<string> =>
      plain(await ann.ask(`LIST ${conditions}`))
        .filter((line) => line.startsWith("322"))
        .map((line) => line.split(" ")[1])
        .join(" ");
    assert.equal(await listed(""), "#a #b");
    assert.equal(await listed("#B"), "#b");
    assert.equal(await listed("#?"), "#a #b");
    assert.equal(await listed("!#a"), "#b");
    assert.equal(await listed(">0"), "#a #b");
    assert.equal(await listed(">1"), "");
    assert.equal(await listed("C<1"), "#a #b");
    assert.equal(await listed("C>1"), "");
    assert.equal(await listed("T<1"), "#b");
    assert.equal(await listed("T>1"), "");
    assert.equal(await listed("#a,#b T<1"), "#b");
  },
  "EXCEPTS, INVEX, EXTBAN, ACCOUNTEXTBAN, BOT, NETWORK, UTF8ONLY, WHOX, SAFELIST": async ({ ann, value }) => {
    assert.deepEqual(plain(await ann.ask(`MODE #a +${value("EXCEPTS")} x`, `MODE #a +${value("INVEX")} x`)), [
      ":ann MODE #a +e x!*@*",
      ":ann MODE #a +I x!*@*",
    ]);
    const [prefix = "", kinds = ""] = value("EXTBAN").split(",");
    for (const kind of kinds) {
      assert.match(plain(await ann.ask(`MODE #a +b ${prefix}${kind}:x`))[0] ?? "", /MODE #a \+b ~\w:x/);
    }
    for (const name of value("ACCOUNTEXTBAN").split(",")) {
      assert.match(plain(await ann.ask(`MODE #a +b ${prefix}${name}:y${name}`))[0] ?? "", / \+b ~a:y/);
    }
    assert.deepEqual(plain(await ann.ask(`MODE ann +${value("BOT")}`)), [":ann MODE ann +B"]);
    assert.equal(value("NETWORK"), "Roomful");
    for (const flag of ["UTF8ONLY", "WHOX", "SAFELIST"]) assert.equal(value(flag), "");
    assert.deepEqual(plain(await ann.ask("WHO ann %tn,7")), ["354 7 ann", "315 ann :End of WHO list"]);
  },
  MONITOR: async ({ ann, count }) => {
    const names = Array.from({ length: count("MONITOR") }, (_, index) => `m${index}`);
    for (let at = 0; at < names.length; at += 50)
      await ann.ask(`MONITOR + ${names.slice(at, at + 50).join(",")}`);
    assert.match(plain(await ann.ask("MONITOR + more"))[0] ?? "", new RegExp(`^734 ${names.length} more :`));
  },
};

for (const [name, holds] of Object.entries(truths)) {
  test(`what is said to be supported is: ${name}`, async (context) => {
    const settings = { maxRoomsEach: 3, operator: { name: "boss", password: "sesame" } };
    await holds(await claims(context, settings));
  });
}
