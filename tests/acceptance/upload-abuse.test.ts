import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { after, before, suite, test } from 'node:test';
import { json } from 'node:stream/consumers';
import type { Json, TestUser } from '#tests/support/http-client.ts';
import { registerUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const BOUNDARY = 'donkey-boundary';
const ABORTS = 300;
const IN_FLIGHT = 8;

/** Open descriptors of this process, in which the API runs; undefined where there is no /proc. */
function descriptors(): string[] | undefined {
  try {
    return readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    });
  } catch {
    return undefined;
  }
}

const part = (name: string, value: string, more = ''): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
const FILE_HEAD = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n`;
const END = `--${BOUNDARY}--\r\n`;

suite('uploads that mean harm', () => {
  let app: TestApp;
  let user: TestUser;
  let assistantId: string;
  before(async () => {
    app = await startTestApp({ UPLOADS_IN_FLIGHT: String(IN_FLIGHT) });
    user = await registerUser(app);
    assistantId = (await user.client.post('assistants', { name: 'Librarian' })).body.data.id as string;
  });
  after(() => app[Symbol.asyncDispose]());

  /** An upload whose body the test writes itself. */
  const open = (): ClientRequest =>
    request(`${app.url}/api/v1/documents`, {
      method: 'POST',
      agent: false,
      headers: {
        cookie: user.client.cookieHeader(),
        'x-csrf-token': user.client.csrfToken ?? '',
        'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      },
    });
  const answerTo = async (sent: ClientRequest): Promise<{ status: number; body: Json }> => {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: (await json(response)) as Json };
  };
  const send = (body: string): Promise<{ status: number; body: Json }> => {
    const sent = open();
    sent.on('error', () => undefined);
    const answer = answerTo(sent);
    sent.end(body);
    return answer;
  };
  const documents = async (): Promise<number> =>
    (await app.database.sql<{ count: number }>('select count(*)::int as count from documents'))[0]!.count;
  const good = async (text: string): Promise<void> => {
    const answer = await send(part('assistant_id', assistantId) + FILE_HEAD + `${text}\r\n` + END);
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
  };

  test(`ASVS 5.0 15.2.2, promise 35: ${ABORTS} uploads that are broken off leave nothing behind`, async (t) => {
    // Pools of connections are as large as they get before anything is counted.
    await Promise.all(Array.from({ length: 24 }, () => user.client.get('assistants')));
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, n) => good(`Before ${n}.`)));
    const before = descriptors()?.length;
    const stored = await documents();
    const times: number[] = [];
    for (let done = 0; done < ABORTS; done += IN_FLIGHT) {
      await Promise.all(
        Array.from({ length: IN_FLIGHT }, async () => {
          const upload = open();
          upload.on('error', () => undefined);
          upload.write(part('assistant_id', assistantId) + FILE_HEAD + 'x'.repeat(256 * 1024));
          await once(upload, 'socket');
          await new Promise((resolve) => upload.write('y'.repeat(64 * 1024), resolve));
          upload.destroy();
        }),
      );
      const started = performance.now();
      assert.equal((await user.client.get('assistants')).status, 200, 'others are answered meanwhile');
      times.push(performance.now() - started);
    }
    await waitFor(
      () => {
        const now = descriptors()?.length;
        return Promise.resolve(now === undefined || before === undefined || now <= before ? true : undefined);
      },
      { description: 'the end of all connections that were broken off' },
    );
    // Every place of the in-flight limit is free again.
    await Promise.all(Array.from({ length: IN_FLIGHT }, (_, n) => good(`After ${n}.`)));
    assert.equal(await documents(), stored + IN_FLIGHT);
    const p95 = times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0;
    t.diagnostic(
      `${ABORTS} aborted uploads: 0 documents and 0 descriptors (sockets, files) left; other requests' p95 ${p95.toFixed(1)} ms`,
    );
  });

  test('slow bodies hold their places and nobody else: their next upload is told to come back, reads and others go on', async () => {
    const slow = Array.from({ length: IN_FLIGHT }, () => {
      const upload = open();
      upload.on('error', () => undefined);
      upload.write(part('assistant_id', assistantId) + FILE_HEAD + 'drip');
      return upload;
    });
    try {
      await waitFor(
        async () => {
          const { status, body } = await send(
            part('assistant_id', assistantId) + FILE_HEAD + `one more\r\n${END}`,
          );
          if (status === 202) return undefined;
          assert.deepEqual([status, body.code], [503, 'request.busy']);
          return true;
        },
        { description: 'all places taken' },
      );
      assert.equal((await user.client.get('assistants')).status, 200);
      assert.equal((await user.client.post('search', { query: 'donkeys' })).status, 200);
      const { client } = await registerUser(app);
      const own = (await client.post('assistants', { name: 'Neighbour' })).body.data.id as string;
      const file = { name: 'a.txt', bytes: 'of somebody else', type: 'text/plain' };
      assert.equal((await client.upload('documents', { assistant_id: own }, file)).status, 202);
    } finally {
      for (const upload of slow) upload.destroy();
    }
    await waitFor(
      async () => {
        const { status } = await send(part('assistant_id', assistantId) + FILE_HEAD + `free again\r\n${END}`);
        return status === 503 ? undefined : true;
      },
      { description: 'free places' },
    );
  });

  const refused: [what: string, body: () => string, status: number, code: string][] = [
    [
      '1,000 parts',
      () => Array.from({ length: 1000 }, (_, n) => part(`field${n}`, 'x')).join('') + END,
      413,
      'request.too_large',
    ],
    ['a field of 1 MB', () => part('title', 'x'.repeat(1_000_000)) + END, 413, 'request.too_large'],
    ['a field name of 10 kB', () => part('x'.repeat(10_000), '1') + END, 413, 'request.too_large'],
    ['a deep field name', () => part(`title${'[a]'.repeat(30)}`, 'x') + END, 413, 'request.too_large'],
    ['two files', () => FILE_HEAD + `one\r\n${FILE_HEAD}two\r\n${END}`, 413, 'request.too_large'],
    [
      'a file in another field',
      () => FILE_HEAD.replace('"file"', '"other"') + `x\r\n${END}`,
      400,
      'request.invalid',
    ],
    [
      'a prototype for a field',
      () => part('__proto__', 'x') + FILE_HEAD + `x\r\n${END}`,
      400,
      'request.invalid',
    ],
    ['no end', () => `${part('assistant_id', 'x')}${FILE_HEAD}x`, 400, 'request.malformed'],
    [
      '200 headers in one part',
      () =>
        `--${BOUNDARY}\r\n${Array.from({ length: 200 }, (_, n) => `X-H${n}: 1\r\n`).join('')}Content-Disposition: form-data; name="title"\r\n\r\nx\r\n${END}`,
      400,
      'request',
    ],
  ];
  for (const [what, body, status, code] of refused)
    test(`promise 35: ${what} is refused`, async () => {
      const stored = await documents();
      const answer = await send(body());
      assert.ok(answer.body.code.startsWith(code), JSON.stringify(answer.body));
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.equal(await documents(), stored);
    });

  test('ASVS 5.0 5.3.2, 5.4.1, 5.4.2: path tricks and breaks in names change neither places nor headers', async () => {
    const names = [
      '../../../etc/passwd',
      '..\\\\..\\\\boot.ini',
      '/etc/shadow',
      'C:\\\\Windows\\\\x.txt',
      '%2e%2e%2fx.txt',
      'a%0d%0aSet-Cookie: a=b.txt',
      '\u202etxt.exe.txt',
      'name;filename=evil.html.txt',
      `${'n'.repeat(400)}.txt`,
      '....//x.txt',
      '.htaccess.txt',
      'ünïcode 漢字 👋.txt',
    ];
    for (const [index, name] of names.entries()) {
      const head = FILE_HEAD.replace('a.txt', name);
      const body = `${part('assistant_id', assistantId)}${head}<script>alert(${index})</script>\r\n${END}`;
      const { status, body: made } = await send(body);
      assert.equal(status, 202, `${name}: ${JSON.stringify(made)}`);
      const { id, filename } = made.data.document;
      assert.doesNotMatch(filename, /[/\\\p{Cc}\u202e]/u);
      assert.ok(filename.length <= 255);
      const file = await user.client.get(`documents/${String(id)}/content`);
      assert.equal(file.status, 200);
      const disposition = file.headers.get('content-disposition') ?? '';
      assert.match(disposition, /^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*$/);
      assert.equal(file.headers.get('content-type'), 'application/octet-stream');
      assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
      assert.match(file.headers.get('content-security-policy') ?? '', /^sandbox/);
      assert.equal(file.headers.get('set-cookie'), null);
    }
  });
});
