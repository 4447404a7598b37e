/** Learns that a board has changed: by socket where that works, by asking every 20 seconds where it does not. */
import type { Socket } from "socket.io-client";
import { wire } from "./wire";

type Tick = { board: string; rev: number; spread_ms: number };
type Joined = { ok: true; rev: number } | { ok: false };
export type Watched = { board: string; rev: () => number; refresh: () => void };

const POLL_MS = 20_000;

class Pulse {
  connected = $state(false);
  #socket: Socket | null = null;
  #watched: Watched | null = null;
  #due: ReturnType<typeof setTimeout> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;

  constructor() {
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
  }

  /** Watches one board at a time; returns how to stop. */
  watch(watched: Watched): () => void {
    this.#leave();
    this.#watched = watched;
    this.#poll = setInterval(() => this.#ask(), POLL_MS);
    if (this.#socket?.connected) this.#join(watched);
    else void this.#listen();
    return () => {
      if (this.#watched === watched) this.#leave();
    };
  }

  /** Asks for the watched board now. */
  refresh(): void {
    this.#watched?.refresh();
  }

  /** Hangs up, as at signing out. */
  close(): void {
    this.#leave();
    wire.close();
    this.#socket = null;
    this.connected = false;
  }

  async #listen(): Promise<void> {
    const socket = await wire.open();
    if (!socket || socket === this.#socket) return;
    this.#socket = socket;
    socket.on("connect", () => {
      if (this.#watched) this.#join(this.#watched);
    });
    socket.on("disconnect", () => {
      this.connected = false;
    });
    socket.on("board:tick", (tick: Tick) => this.#ticked(tick));
    // Somebody else may have opened the socket before a board was watched.
    if (socket.connected && this.#watched) this.#join(this.#watched);
  }

  #join(watched: Watched): void {
    this.#socket?.emit("board:join", { board: watched.board }, (joined: Joined) => {
      if (this.#watched !== watched) return;
      this.connected = joined.ok;
      if (joined.ok && joined.rev > watched.rev()) watched.refresh();
    });
  }

  #leave(): void {
    if (this.#watched && this.#socket?.connected) this.#socket.emit("board:leave", { board: this.#watched.board });
    clearInterval(this.#poll);
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#watched = null;
  }

  #ticked({ board, rev, spread_ms }: Tick): void {
    const watched = this.#watched;
    if (watched?.board !== board || rev <= watched.rev() || this.#due !== undefined) return;
    // Everybody hears the tick at once; asking at a random moment spares the server the stampede.
    this.#due = setTimeout(() => {
      this.#due = undefined;
      if (this.#watched === watched) watched.refresh();
    }, Math.random() * Math.max(0, spread_ms));
  }

  #ask(): void {
    if (!this.connected && !document.hidden) this.#watched?.refresh();
  }
}

export const pulse = new Pulse();
