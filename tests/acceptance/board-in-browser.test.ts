import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { freePort } from '#scripts/services/free-port.ts';
import { registerAdmin } from '#tests/support/admin.ts';
import { findChromium, openBrowser } from '#tests/support/chromium.ts';
import type { BrowserPage } from '#tests/support/chromium.ts';
import { registerUser } from '#tests/support/http-client.ts';
import type { TestUser } from '#tests/support/http-client.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const chromium = findChromium();
const skip = chromium === undefined ? 'there is no Chromium here (Debian: apt-get install chromium)' : false;
const FIRST_PORT = 39_700;
const MARKUP = '<img src=x onerror=alert(1)>';

/** Fills the form as a person does, and sends it. */
const logIn = ({ username, password }: TestUser) => `(() => {
  document.getElementById('username').value = ${JSON.stringify(username)};
  document.getElementById('password').value = ${JSON.stringify(password)};
  document.querySelector('#login button').click();
})()`;
const shown = (id: string) => `!document.getElementById('${id}').hidden`;
const cellsOf = (body: string) =>
  `[...document.querySelectorAll('#${body} tr')].map((line) => [...line.cells].map((cell) => cell.innerText))`;

suite('the board in a real browser', { skip }, () => {
  let app: TestApp;
  let page: BrowserPage;
  let owner: TestUser;
  const until = (description: string, expression: string) =>
    waitFor(async () => (await page.evaluate(expression)) as boolean, { description });
  const add = (count: number, priority: string, more: { status?: string; age?: string; code?: string }) =>
    app.database.sql(
      `insert into jobs (id, user_id, type, queue, priority, status, payload, run_at, finished_at, error)
       select gen_random_uuid(), $1, 'memory.embed', 'embedding', $2, $3::text, '{}', now() - $4::interval,
         case when $3::text = 'dead' then now() end,
         case when $3::text = 'dead' then jsonb_build_object('code', $5::text, 'message', 'It failed.', 'stage', 'embed') end
       from generate_series(1, $6)`,
      [owner.id, priority, more.status ?? 'queued', more.age ?? '1 second', more.code ?? '', count],
    );

  before(async () => {
    // A browser names its origin, so the API has to know its own.
    const port = String(await freePort(FIRST_PORT));
    app = await startTestApp({ PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` });
    owner = await registerUser(app);
    page = await openBrowser(chromium!);
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  test('asks who one is, and shows others than administrators nothing', async () => {
    await page.open(`${app.url}/admin/board`);
    await until('the form', shown('login'));
    await page.evaluate(logIn({ ...owner, password: 'not the password at all' }));
    await until('the refusal', `document.getElementById('status').innerText.includes('wrong')`);
    await page.evaluate(logIn(owner));
    await until('the words', shown('refused'));
    assert.match((await page.evaluate('document.body.innerText')) as string, /Not allowed/);
    assert.deepEqual(await page.evaluate(cellsOf('queues')), []);
    await page.evaluate(`document.getElementById('log-out').click()`);
    await until('the form again', shown('login'));
  });

  test('shows an administrator what the queues hold, as it changes', async (t) => {
    await app.context.database.ledger.reportWorker('worker-1', ['embedding', 'extraction']);
    await add(12, 'high', { age: '400 seconds' });
    await add(3, 'low', { age: '-1 hour' });
    await add(1, 'medium', { status: 'dead', code: MARKUP });
    const admin = await registerAdmin(app);
    await page.open(`${app.url}/admin/board`);
    await until('the form', shown('login'));
    await page.evaluate(logIn(admin));
    await until('the board', shown('board'));
    const queues = (await page.evaluate(cellsOf('queues'))) as string[][];
    const first = queues.findIndex(([name]) => name === 'embedding');
    assert.deepEqual(queues.slice(first, first + 3), [
      ['embedding', 'open', '1', '12', '3', '0', '7 min', '1'],
      ['high', '', '', '12', '0', '0', '7 min', ''],
      ['low', '', '', '0', '3', '0', '', ''],
    ]);
    const [dead] = (await page.evaluate(cellsOf('dead'))) as string[][];
    assert.deepEqual(dead?.slice(1, 4), ['memory.embed', 'embedding', MARKUP], 'text stays text');
    assert.equal(await page.evaluate(`document.querySelectorAll('img').length`), 0);
    const picture = process.env.BOARD_SCREENSHOT;
    if (picture !== undefined) {
      await app.database.sql(
        `update jobs set error = error || '{"code": "embedding.throttled"}' where status = 'dead'`,
      );
      await until('the new code', `${cellsOf('dead')}[0][3] === 'embedding.throttled'`);
      writeFileSync(picture, await page.screenshot());
    }
    await add(5, 'medium', {});
    const more = `${cellsOf('queues')}.some((line) => line[0] === 'embedding' && line[3] === '17')`;
    await until('the new jobs, without anybody asking', more);

    // The access token ends long before the session: the page gets the next by itself.
    await page.loseCookie(app.url, app.context.cookies.sessionName);
    await add(4, 'medium', {});
    await until('the jobs after that', `${cellsOf('queues')}.some((line) => line[3] === '21')`);
    assert.ok(page.requests.some((url) => url.endsWith('/auth/refresh')));

    await page.evaluate(`document.getElementById('log-out').click()`);
    await until('the form', shown('login'));
    assert.deepEqual(await page.evaluate(cellsOf('queues')), [], 'nothing stays behind');
    for (const url of page.requests)
      assert.ok(/^(data|about):|^$/.test(url) || url.startsWith(`${app.url}/`), url);
    // Answers of 401 and 403 are what the page asks for to learn who reads it.
    const complaints = page.complaints.filter((one) => !/status of 40[13]/.test(one));
    assert.deepEqual(complaints, []);
    t.diagnostic(`${queues.length} rows, ${page.requests.length} requests`);
  });
});
