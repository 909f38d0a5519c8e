import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { freePort } from '#scripts/services/free-port.ts';

test('a taken port and a reserved one are passed over', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    const next = await freePort(port);
    assert.ok(next > port);
    assert.ok((await freePort(port, [next])) > next);
  } finally {
    server.close();
  }
});
