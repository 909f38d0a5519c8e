import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, suite, test } from 'node:test';
import { findChromium, openBrowser } from '#tests/support/chromium.ts';
import type { BrowserPage } from '#tests/support/chromium.ts';
import { startTestApp } from '#tests/support/test-app.ts';
import type { TestApp } from '#tests/support/test-app.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const chromium = findChromium();
const skip = chromium === undefined ? 'there is no Chromium here (Debian: apt-get install chromium)' : false;

/** The viewer makes only what is in view: goes a step down, at the end back up, and names what is there. */
const walkDown = `(async () => {
  const { scrollTop, scrollHeight, clientHeight } = document.documentElement;
  window.scrollTo(0, scrollTop + clientHeight >= scrollHeight - 1 ? 0 : scrollTop + clientHeight / 2);
  await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll('.opblock')].map(({ id }) => id);
})()`;

suite('the docs page in a real browser', { skip }, () => {
  let app: TestApp;
  let page: BrowserPage;
  before(async () => {
    app = await startTestApp();
    page = await openBrowser(chromium!);
  });
  after(async () => {
    await page[Symbol.asyncDispose]();
    await app[Symbol.asyncDispose]();
  });

  test('shows every operation and opens one, without a complaint of the browser', async (t) => {
    await page.open(`${app.url}/docs`);
    const count = async (what: string) =>
      (await page.evaluate(`document.querySelectorAll('${what}').length`)) as number;
    const until = (description: string, found: () => Promise<boolean>) =>
      waitFor(async () => page.complaints.length > 0 || (await found()), { description });
    const tags = new Set(app.endpoints.map(({ tag }) => tag)).size;
    await until('the sections', async () => (await count('.opblock-tag')) === tags);
    await page.evaluate(`document.querySelectorAll('.opblock-tag').forEach((tag) => tag.click())`);
    const seen = new Set<string>();
    await until('all operations', async () => {
      for (const id of (await page.evaluate(walkDown)) as string[]) seen.add(id);
      return seen.size === app.endpoints.length;
    });
    assert.deepEqual(page.complaints, []);
    await page.open('about:blank');
    await page.open(`${app.url}/docs#/documents/listDocuments`);
    await until(
      'the upload',
      async () => (await count('#operations-documents-uploadDocument .opblock-summary-control')) === 1,
    );
    await page.evaluate(
      `document.querySelector('#operations-documents-uploadDocument .opblock-summary-control').click()`,
    );
    const opened = `document.querySelector('#operations-documents-uploadDocument .opblock-body')`;
    await until('the opened operation', async () => (await page.evaluate(`${opened} !== null`)) as boolean);
    const text = (await page.evaluate(`${opened}.innerText`)) as string;
    for (const part of ['multipart/form-data', 'idempotency-key', 'document.too_large'])
      assert.ok(text.includes(part), `${part} is not shown`);
    await page.evaluate(`${opened}.scrollIntoView()`);
    const picture = process.env.DOCS_SCREENSHOT;
    if (picture !== undefined) writeFileSync(picture, await page.screenshot());
    t.diagnostic(`${app.endpoints.length} operations in ${tags} sections, ${page.requests.length} requests`);
    assert.deepEqual(page.complaints, []);
    for (const url of page.requests)
      assert.ok(/^(data|about):|^$/.test(url) || url.startsWith(`${app.url}/`), url);
  });

  test('cannot reach the cookies of its reader or the API', async () => {
    await page.open(`${app.url}/docs`);
    const blocked = async (expression: string) =>
      (await page.evaluate(
        `(async () => { try { await (${expression}); return 'reached'; } catch (error) { return error.name; } })()`,
      )) as string;
    assert.equal(await blocked('document.cookie'), 'SecurityError');
    assert.equal(await blocked(`fetch('/api/v1/auth/csrf')`), 'TypeError');
    assert.equal(await blocked(`fetch('/openapi.json', { mode: 'no-cors' })`), 'TypeError');
    const evil = `new Promise((resolve, reject) => { const script = document.createElement('script'); script.textContent = 'window.evil = 1'; document.body.append(script); setTimeout(() => window.evil === 1 ? resolve() : reject(new TypeError('refused'))); })`;
    assert.equal(await blocked(evil), 'TypeError');
    assert.ok(
      page.complaints.some((one) => one.includes('Content Security Policy')),
      'the browser says why',
    );
  });
});
