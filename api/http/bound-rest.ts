import type { Request, Response } from 'express';

/** What a client may still send once it has been refused: enough to read the answer, and for short bodies to end well. */
const REST_BYTES = 1024 * 1024;
const REST_MS = 2_000;

/**
 * Bounds what is read of a request that is answered before its end. Node would go on for as long as the client sends,
 * and cutting the connection at once would cost honest clients the answer.
 */
export function boundRest(req: Request, res: Response): void {
  res.once('finish', () => {
    if (req.complete) return;
    const { socket } = req;
    let left = REST_BYTES;
    const cut = (): void => void socket.destroy();
    const timer = setTimeout(cut, REST_MS);
    req.once('close', () => clearTimeout(timer));
    req.on('data', (chunk: Buffer) => {
      left -= chunk.length;
      if (left < 0) cut();
    });
  });
}
