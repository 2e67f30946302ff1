import { join } from "node:path";
import type { Undoing } from "../support/cleanup.ts";
import { ServerProcess } from "../support/server-process.ts";
import { room } from "./program.ts";
import type { Screen, Tmux } from "./tmux.ts";

interface Means {
  readonly undoing: Undoing;
  readonly tmux: Tmux;
  readonly folder: string;
  readonly dataFolder: string;
  readonly server: ServerProcess;
  /** WeeChat, irssi and netcat, all in the room, and called wendy, iris and nadia. */
  readonly weechat: Screen;
  readonly irssi: Screen;
  readonly netcat: Screen;
}

const password = "correct-horse-7";

/** What somebody at WeeChat or irssi does beside talking. Resolves to what was not shown; prints all. */
export async function habits(means: Means): Promise<readonly string[]> {
  const { weechat, irssi, netcat, tmux, folder, server } = means;
  const failures: string[] = [];
  const check = async (what: string, screen: Screen, expected: RegExp): Promise<void> => {
    const isShown = await screen.shows(expected);
    process.stdout.write(`${isShown ? "✓" : "✗"} ${what}\n`);
    if (!isShown) failures.push(`${what}: ${String(expected)} is not shown\n${screen.text}`);
  };

  weechat.type("/buffer roomful", "/whois fred", "/list");
  await check("WeeChat: /whois", weechat, /\[fred\] \(client@\S+\): fred/);
  await check("WeeChat: /list", weechat, new RegExp(`${room}\\(6\\)`));
  irssi.type("/whois nadia", "/who #lobby");
  irssi.type("/window 1");
  await check("irssi: /whois", irssi, /-!- nadia \[line@\S+\]\s*\n.*-!-  ircname  : nadia/);
  await check("irssi: /who", irssi, /#lobby +paula +H +0 +client@\S+ \[paula\]/);
  irssi.type("/ctcp wendy version");
  await check("irssi: CTCP is asked and answered", irssi, /CTCP VERSION reply from wendy: WeeChat/);
  irssi.type("/ctcp nadia version");
  netcat.type("/invite wendy", "/join #shed", "/invite wendy", "/room #garden");
  await check("WeeChat: is invited", weechat, /You have been invited to #shed by nadia/);
  irssi.type("/away at tea");
  await check("irssi: is away", irssi, /You have been marked as being away/);
  netcat.type("/pm iris are you there?");
  await check("netcat: somebody at irssi is away", netcat, /\[SYSTEM\] iris is away: at tea$/m);
  irssi.type("/away");
  await check("irssi: is back", irssi, /no longer marked as being away/);
  if (/VERSION/.test(netcat.text)) failures.push(`netcat is shown a CTCP question\n${netcat.text}`);

  weechat.type(`/msg NickServ REGISTER ${password}`);
  await check("WeeChat: registers with NickServ", weechat, /wendy is yours from now on/);
  irssi.type(`/msg NickServ REGISTER ${password}`);
  irssi.type("/window goto NickServ");
  await check("irssi: registers with NickServ", irssi, /iris is yours from now on/);
  irssi.type(`/window goto ${room}`);

  const everyCapability = tmux.open(
    "second-weechat",
    [
      "weechat",
      "-d",
      join(folder, "second-weechat"),
      "-r",
      `/server add roomful localhost/${server.port} -nicks=wendy -capabilities=* -autojoin=${room}`,
      "-r",
      `/set irc.server.roomful.sasl_username wendy;/set irc.server.roomful.sasl_password ${password}`,
      "-r",
      "/connect roomful",
    ],
    { HOME: folder },
  );
  await check(
    "WeeChat with all capabilities: signs in by SASL",
    everyCapability,
    /logged in as wendy|--> \| wendy \[wendy\]/,
  );
  everyCapability.type(`/buffer ${room}`);
  await check(
    "… and is in the room with what it is about",
    everyCapability,
    new RegExp(`Topic for ${room} is "`),
  );
  await check("… with what was said, and when", everyCapability, /\d\d:\d\d:\d\d +@?nadia \| mark-\d+-here/);
  await check("… and who is there", everyCapability, /│.*│ ?iris/);
  everyCapability.type("said at the second");
  weechat.type(`/buffer ${room}`);
  await check("WeeChat: sees what is said at the second one", weechat, /wendy \| said at the second/);

  irssi.type("/clear");
  await server.end("SIGKILL");
  await check("WeeChat: is cut off", weechat, /disconnected from server/);
  weechat.type(
    "/set irc.server.roomful.sasl_username wendy",
    `/set irc.server.roomful.sasl_password ${password}`,
  );
  const { undoing, dataFolder } = means;
  await ServerProcess.start(undoing, { dataFolder, args: ["--port", String(server.port)] });
  weechat.type(`/buffer ${room}`);
  await check("WeeChat: is in the room again", weechat, /disconnected from server[^]*Topic for #garden is/);
  await check("irssi: is in the room again", irssi, /Irssi: Join to #garden was synced/);
  irssi.type(`/window goto ${room}`, "irssi is back");
  await check("WeeChat: sees what irssi says then", weechat, /iris_? \| irssi is back/);
  return failures;
}
