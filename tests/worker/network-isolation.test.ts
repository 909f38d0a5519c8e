import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import { extractText } from '#worker/documents/extract-text.ts';
import { findNetworkIsolation } from '#worker/documents/network-isolation.ts';

const isolation = await findNetworkIsolation();
const skip =
  isolation.length > 0
    ? false
    : 'unshare is missing or not permitted here: PDF processes have a network, which workers report at start';

/** Tries to connect to a port of this host, under the same permission model as the PDF process. */
const CONNECT = `
  const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
  socket.on('connect', () => { console.log('connected'); socket.destroy(); });
  socket.on('error', (error) => console.log(error.code));
`;

async function attempt(prefix: readonly string[], port: number): Promise<string> {
  const [command, ...args] = [...prefix, process.execPath, '-e', CONNECT, String(port)];
  const child = spawn(command, args, { env: {}, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return output.trim();
}

test('ASVS 5.0 15.2.5: a PDF process cannot connect to anything', { skip }, async (t) => {
  let reached = 0;
  const server = createServer((socket) => {
    reached += 1;
    socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    assert.equal(await attempt([], port), 'connected', 'without isolation the test server is reached');
    assert.equal(reached, 1);
    const outcome = await attempt(isolation, port);
    assert.match(outcome, /^E(NETUNREACH|CONNREFUSED|HOSTUNREACH)$/);
    assert.equal(reached, 1);
    t.diagnostic(`isolated by "${isolation.join(' ')}": ${outcome}, 0 connections`);
  } finally {
    server.close();
  }
});

test('extraction uses it: its process is in another network than ours', { skip }, async () => {
  let theirs = '';
  const limits = { timeoutMs: 60_000, memoryBytes: 512 * 1024 ** 2, maxPages: 10, maxChars: 1000 };
  let pid = 0;
  await extractText(
    { bytes: await makePdf({ pages: ['One.', 'Two.'] }), kind: 'pdf' },
    {
      limits,
      isolation,
      signal: new AbortController().signal,
      onProcess: (id) => (pid = id),
      onProgress: (done) => {
        if (done === 1) theirs = readlinkSync(`/proc/${pid}/ns/net`);
      },
    },
  );
  assert.notEqual(theirs, '');
  assert.notEqual(theirs, readlinkSync('/proc/self/ns/net'));
});

test('a host without unshare has no isolation, and says so by an empty answer', async () => {
  assert.deepEqual(await findNetworkIsolation(['/nowhere/unshare']), []);
});
