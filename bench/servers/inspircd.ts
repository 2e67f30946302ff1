import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

const inspircd = "inspircd";

/** What it says of itself, or `undefined` where it is not on the PATH. */
export const inspircdVersion: string | undefined = (() => {
  const { status, stdout } = spawnSync(inspircd, ["--version"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
})();

/** All that it has of what the load's clients ask for. */
const modules = [
  "cap",
  "ircv3",
  "ircv3_accounttag",
  "ircv3_batch",
  "ircv3_capnotify",
  "ircv3_chghost",
  "ircv3_ctctags",
  "ircv3_echomessage",
  "ircv3_invitenotify",
  "ircv3_labeledresponse",
  "ircv3_msgid",
  "ircv3_servertime",
  "namesx",
  "uhnames",
];

/**
 * Limits of floods and connections off, queues large, no look-ups of names: nothing between it and its best.
 * All it writes is below `folder`. `capable`: it offers what clients ask for with CAP.
 */
export function inspircdCommand(
  folder: string,
  { port, capable }: { readonly port: number; readonly capable: boolean },
): readonly string[] {
  const file = join(folder, "inspircd.conf");
  writeFileSync(
    file,
    `<config format="xml">
<server name="irc.bench.example" description="bench" network="Bench">
<admin name="bench" nick="bench" email="bench@bench.example">
<bind address="127.0.0.1" port="${port}" type="clients">
<power diepass="bench" restartpass="bench">
<connect name="main" allow="*" timeout="60" pingfreq="3600" hardsendq="104857600" softsendq="104857600"
         recvq="1048576" threshold="1000000" commandrate="1000000000" fakelag="no" localmax="100000"
         globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no" limit="100000" maxchans="100">
<dns server="127.0.0.1" timeout="1">
<pid file="${join(folder, "inspircd.pid")}">
<options prefixquit="" announcets="no" hostintopic="no" defaultmodes="n">
<performance netbuffersize="65534" somaxconn="4096" softlimit="100000" quietbursts="yes" clonesonconnect="no"
             timeskipwarn="0">
<security announceinvites="none" hidewhois="" userstats="Pu" maxtargets="20">
<limits maxnick="31" maxchan="64" maxmodes="20" maxident="11" maxhost="64" maxquit="255" maxtopic="307"
        maxkick="255" maxreal="128" maxaway="200">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${join(folder, "inspircd.log")}">
${capable ? modules.map((name) => `<module name="${name}">\n`).join("") : ""}`,
  );
  // As root it does not start unless it is told that this is meant.
  const asRoot = process.getuid?.() === 0 ? ["--runasroot"] : [];
  return [inspircd, "--nofork", ...asRoot, "--config", file];
}
