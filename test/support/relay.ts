import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { TestContext } from "node:test";

/** A network between a client and a server on this machine, which can be interrupted. */
export class Relay {
  readonly port: number;
  #target: number;
  readonly #connections = new Set<{ readonly near: Socket; readonly far: Socket }>();
  /** Those that nothing passes through any more. */
  readonly #dead = new WeakSet<Socket>();
  #interrupted = false;

  private constructor(server: Server, target: number) {
    this.port = (server.address() as AddressInfo).port;
    this.#target = target;
    server.on("connection", (socket) => this.#accept(socket));
  }

  static async start(context: TestContext, target: number): Promise<Relay> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const relay = new Relay(server, target);
    context.after(() => {
      server.close();
      for (const { near, far } of relay.#connections) {
        near.destroy();
        far.destroy();
      }
    });
    return relay;
  }

  /** Nothing passes any more, and neither side is told; new connections fail. */
  interrupt(): void {
    this.#interrupted = true;
    for (const { near, far } of this.#connections) {
      for (const socket of [near, far]) {
        this.#dead.add(socket);
        socket.unpipe();
        socket.pause();
      }
    }
  }

  /** New connections pass again. Those from before stay dead, as behind a router that has forgotten them. */
  restore(): void {
    this.#interrupted = false;
  }

  /** What the server says on the connections of now is lost, but for their end; what is said to it arrives. */
  loseAnswers(): void {
    for (const { near, far } of this.#connections) {
      far.unpipe();
      far.on("end", () => near.end());
      far.resume();
    }
  }

  /** New connections lead to another server on this machine. */
  redirect(target: number): void {
    this.#target = target;
  }

  #accept(near: Socket): void {
    if (this.#interrupted) {
      near.destroy();
      return;
    }
    const far = connect({ host: "127.0.0.1", port: this.#target, allowHalfOpen: true });
    this.#connections.add({ near, far });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on("error", () => {
        if (!this.#dead.has(socket)) other.destroy();
      });
      socket.pipe(other);
    }
  }
}
