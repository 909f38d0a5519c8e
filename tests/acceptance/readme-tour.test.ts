import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test } from 'node:test';
import { startStage } from '#tests/support/test-stage.ts';
import type { TestStage } from '#tests/support/test-stage.ts';

const root = join(import.meta.dirname, '../..');

/** The tour as a reader would copy it. */
function tourOfReadme(): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('## A five-minute tour');
  const block = /^```bash\n(.*?)^```$/ms.exec(section.split('\n## ')[0] ?? '')?.[1];
  assert.ok(block, 'README.md has no tour in bash');
  return block;
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(script: string, environment: Readonly<Record<string, string>>): Promise<Ran> {
  const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(bash.stdout),
    text(bash.stderr),
    once(bash, 'close') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

const curl = await run('command -v curl', {});

suite('the tour of the README', { skip: curl.code === 0 ? false : 'curl is not installed here' }, () => {
  let stage: TestStage;
  before(async () => {
    stage = await startStage();
    await stage.startWorker();
  });
  after(() => stage[Symbol.asyncDispose]());

  test('works as it stands', { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await run(tourOfReadme(), { DONKEY: stage.app.url });
    assert.equal(code, 0, `${stdout}\n${stderr}`);
    assert.match(stdout, /^succeeded$/m);
    assert.match(stdout, /title: 'The handbook',\s+status: 'completed',\s+page_count: \d+/);
    assert.match(stdout, /^Keeper of the donkeys\n412$/m, 'an edit, and a second one of the same version');
    const [best] = /document_title: '[^']*'/.exec(stdout) ?? [];
    assert.equal(best, `document_title: 'running-the-workspace'`);
    assert.match(stdout.replace(/\s+/g, ' '), /37\.1 degrees Celsius/);
    assert.match(stdout, /^created$/m);
    assert.match(stdout, /title: 'The handbook',\s+page_from: \d+,\s+quote: /, 'a cited page');
    assert.match(stdout, /Hugo, our oldest donkey, is afraid of the vet\..*\[\d+\]/, 'a cited memory');
    assert.match(stdout, /"type":"reflection\.write","status":"succeeded"/);
    const reflection = stdout.slice(stdout.lastIndexOf('data: ')).split('\n').slice(1).join(' ');
    assert.match(reflection, /Hugo, our oldest donkey, is afraid of the vet\./, 'what it reflects on');
    assert.match(stdout, /^401$/m);
    assert.equal(stderr, '');
  });

  test('a step that fails makes it fail', async () => {
    const broken = tourOfReadme().replace('"name": "Donkey Keeper"', '"nome": "Donkey Keeper"');
    const { code, stdout } = await run(broken, { DONKEY: stage.app.url });
    assert.notEqual(code, 0);
    assert.doesNotMatch(stdout, /^401$/m);
  });
});
