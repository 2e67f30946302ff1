import assert from "node:assert/strict";
import test from "node:test";
import { runServer } from "../support/running-server.ts";
import { IrcClient } from "./client.ts";

test("a nick in use is refused, and another one may be tried on the same connection", async (t) => {
  const { port } = await runServer(t);
  await IrcClient.enter(port, "Ann");
  const second = await IrcClient.connect(port);
  const refused = await second.ask("NICK ann", "USER ann 0 * :Ann");
  assert.deepEqual(refused, [":roomful.local 433 * ann :Username 'ann' is already in use. Choose another one"]);
  for (const nick of ["ANN", "aNN", "anN"]) assert.match((await second.ask(`NICK ${nick}`))[0] ?? "", / 433 /);
  second.send("NICK Bob");
  await second.line(":roomful.local 001 Bob :");
});
