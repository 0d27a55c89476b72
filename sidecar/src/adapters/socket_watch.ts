/**
 * Notices a WebSocket whose other side is gone without a word (no FIN: a lost route, a frozen proxy). TCP would take
 * many minutes, and the socket is silent by nature, so it is asked: a ping that nothing answers before the next one is due
 * is the end of it.
 */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ping, type WebSocket } from "undici";

const pongChannel = "undici:websocket:pong";

/**
 * @param onSilent called once
 * @returns ends the watch; call it when the socket has closed
 */
export function watchSocket(socket: WebSocket, intervalMs: number, onSilent: () => void): () => void {
  let isAnswered = true;
  const noteSign = () => {
    isAnswered = true;
  };
  // undici tells of pongs only here, and of those of all sockets.
  const onPong = (message: unknown) => {
    if (typeof message === "object" && message !== null && "websocket" in message) {
      if (message.websocket === socket) noteSign();
    }
  };
  const timer = setInterval(() => {
    if (!isAnswered) {
      end();
      onSilent();
      return;
    }
    isAnswered = false;
    ping(socket);
  }, intervalMs);
  timer.unref();
  const end = () => {
    clearInterval(timer);
    unsubscribe(pongChannel, onPong);
    socket.removeEventListener("message", noteSign);
  };
  subscribe(pongChannel, onPong);
  socket.addEventListener("message", noteSign);
  return end;
}
