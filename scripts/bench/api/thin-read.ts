import { shotOf } from '#tests/support/load/mixed-load.ts';
import type { LoadClient } from '#tests/support/load/mixed-load.ts';
import type { Figure } from '../suite.ts';
import { besideBareExpress } from './beside-bare-express.ts';

const CLIENTS = 20;

/** One prompt by its id: a session, a limit, one look-up by key. */
export function measureThinRead(
  origins: { readonly api: string; readonly bare: string },
  load: readonly LoadClient[],
  isQuick: boolean,
): Promise<Figure> {
  const clients = load.slice(0, CLIENTS);
  const shots = clients.map(({ client, rows }) =>
    shotOf(client, 'read a prompt', { method: 'GET', path: `prompts/${rows.promptId}` }),
  );
  const shot = (client: number) => shots[client % shots.length] ?? missing();
  return besideBareExpress({
    name: 'thinnest authenticated read',
    clients: clients.length,
    rounds: isQuick ? 1 : 3,
    seconds: isQuick ? 2 : 4,
    api: { url: origins.api, next: shot },
    bare: {
      url: origins.bare,
      next: (client) => ({ ...shot(client), path: shot(client).path.replace('/api/v1', '') }),
    },
    note: `\`GET /prompts/{id}\` with ${clients.length} connections, as fast as they go`,
    hasBar: true,
  });
}

const missing = (): never => {
  throw new Error('a load needs clients');
};
