import { readFileSync } from 'node:fs';
import type { Mount } from '#api/http/routes.ts';
import { staticReply } from '#api/http/static-reply.ts';
import { getBoard, getBoardScript, getBoardStyle } from './board-endpoints.ts';

/**
 * What the board may do: run our one script, ask our API, and make no markup from text. Nothing of it comes from
 * elsewhere.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The board of the queues: three files without any data, so that whoever has not logged in yet can load them. */
export function mountBoard(mount: Mount): void {
  const read = (name: string) => () => readFileSync(new URL(`./board/${name}`, import.meta.url), 'utf8');
  mount(getBoard, staticReply('text/html', read('board.html'), { 'Content-Security-Policy': POLICY }));
  mount(getBoardScript, staticReply('text/javascript', read('board.js')));
  mount(getBoardStyle, staticReply('text/css', read('board.css')));
}
