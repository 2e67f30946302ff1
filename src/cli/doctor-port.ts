import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { text } from "node:stream/consumers";
import { listen, listenProblem } from "../server/listener.ts";
import type { Settings } from "../server/settings.ts";
import { type Finding, ok, problem } from "./finding.ts";

const answerMs = 2000;

/** Whether the port is free, or taken by the very server that runs on the data folder. */
export async function checkPort(
  settings: Settings,
  { isServed }: { readonly isServed: boolean },
): Promise<Finding> {
  const { port } = settings;
  if (port === 0) return ok("port 0: any free one");
  const probe = createServer();
  const listening = await listen(probe, settings);
  if (!("code" in listening)) {
    probe.close();
    return ok(isServed ? `port ${port} is free: the running server has another` : `port ${port} is free`);
  }
  const { code } = listening;
  if (code !== "EADDRINUSE") return problem(listenProblem(code, settings), "choose another");
  const isRoomful = await answersAsRoomful(settings);
  if (isRoomful && isServed) return ok(`port ${port} is the running server's`);
  const whose = isRoomful ? "a Roomful server with another data folder" : "another program";
  return problem(`port ${port} is in use by ${whose}`, "choose another with --port, or end that one");
}

/** Asks for the page that a server has at its port. */
async function answersAsRoomful({ host, port }: Settings): Promise<boolean> {
  const everywhere = host === undefined || host === "0.0.0.0";
  const hostname = everywhere ? "127.0.0.1" : host === "::" ? "::1" : host;
  try {
    const signal = AbortSignal.timeout(answerMs);
    // "localhost" is a name that each server goes by.
    const request = get({ hostname, port, signal, agent: false, headers: { Host: "localhost" } });
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return (await text(response)).startsWith("Roomful: ");
  } catch {
    return false;
  }
}
