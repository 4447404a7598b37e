/** Hears how far a delivery has come: by socket where that works, by asking every two seconds where it does not. */
import type { Socket } from "socket.io-client";
import type { Delivery } from "../api/calls";
import { wire } from "./wire";

export type Word = { state: Delivery["state"]; share: number };
type Progress = Word & { delivery: string };
type Watched = ({ ok: true } & Word) | { ok: false };

const POLL_MS = 2_000;
/** A socket that is silent for so long may have lost a word. */
const SILENCE_MS = 8_000;

/** Watches until the returned function is called; `ask` fetches the delivery where no word comes. */
export function watchDelivery(id: string, heard: (word: Word) => void, ask: () => void): () => void {
  let socket: Socket | null = null;
  let stopped = false;
  let lastWord = 0;

  const told = (word: Progress): void => {
    if (word.delivery !== id || stopped) return;
    lastWord = Date.now();
    heard(word);
  };
  const join = (): void => {
    socket?.emit("delivery:watch", { delivery: id }, (answer: Watched) => {
      if (answer.ok) told({ ...answer, delivery: id });
    });
  };
  void wire.open().then((opened) => {
    if (!opened || stopped) return;
    socket = opened;
    socket.on("connect", join);
    socket.on("delivery:progress", told);
    if (socket.connected) join();
  });
  const poll = setInterval(() => {
    if (!wire.connected || Date.now() - lastWord > SILENCE_MS) ask();
  }, POLL_MS);

  return () => {
    stopped = true;
    clearInterval(poll);
    socket?.off("connect", join);
    socket?.off("delivery:progress", told);
    if (socket?.connected) socket.emit("delivery:unwatch", { delivery: id });
  };
}
