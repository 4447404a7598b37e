/** The one socket of this page, opened when something is first to be heard; the client library is a chunk of its own. */
import type { Socket } from "socket.io-client";

class Wire {
  #socket: Socket | null = null;
  #opening: Promise<Socket | null> | null = null;
  #turn = 0;

  get connected(): boolean {
    return this.#socket?.connected ?? false;
  }

  /** The socket, opened if need be; null when its chunk cannot be fetched or the page was signed out meanwhile. */
  open(): Promise<Socket | null> {
    this.#opening ??= this.#make(this.#turn);
    return this.#opening;
  }

  /** Hangs up, as at signing out: the socket belongs to the person who was signed in. */
  close(): void {
    this.#turn += 1;
    this.#socket?.disconnect();
    this.#socket = null;
    this.#opening = null;
  }

  async #make(turn: number): Promise<Socket | null> {
    try {
      const { io } = await import("socket.io-client");
      if (turn !== this.#turn) return null;
      this.#socket = io({ transports: ["websocket"], path: "/socket.io" });
      return this.#socket;
    } catch {
      // Without the chunk there is no socket; polling goes on and the next who listens tries again.
      this.#opening = null;
      return null;
    }
  }
}

export const wire = new Wire();
