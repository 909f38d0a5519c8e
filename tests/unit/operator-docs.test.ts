import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { ERROR_GROUPS } from '#scripts/generate-docs.ts';
import { settings } from '#shared/config/settings.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { jobCatalog } from '#shared/queue/catalog.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** What operators read with a problem in hand: a name in it that does not exist costs them time. */
const DOCUMENTS = [
  'README.md',
  'CONTRIBUTING.md',
  'docs/deployment.md',
  'docs/troubleshooting.md',
  'docs/scaling.md',
  'docs/jobs.md',
];

/** Names in capitals that are no settings: of scripts, compose, and headers or words of others. */
const OTHER_NAMES = new Set([
  'TEST_DATABASE_URL',
  'TEST_REDIS_URL',
  'POSTGRES_PASSWORD',
  'REDIS_PASSWORD',
  'DOCS_SCREENSHOT',
  'BOARD_SCREENSHOT',
]);
/** What has the form of an error code and is an action of the audit log, an event or a job of the next version. */
const OTHER_CODES = new Set([
  'session.token_reused',
  'job.succeeded',
  'job.failed',
  'job.dead',
  'job.cancelled',
]);

const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);

const unknownSettings = (text: string): string[] =>
  namesIn(text).filter((name) => !Object.hasOwn(settings, name) && !OTHER_NAMES.has(name));

const unknownCodes = (text: string): string[] =>
  [...text.matchAll(/`([a-z_]+)\.([a-z_]+)`/g)]
    .filter(([, group = '']) => Object.hasOwn(ERROR_GROUPS, group))
    .map(([, group = '', name = '']) => `${group}.${name}`)
    .filter(
      (code) =>
        !Object.hasOwn(errorCatalog, code) && !Object.hasOwn(jobCatalog, code) && !OTHER_CODES.has(code),
    );

/** Commands of `npm run manage`, as words behind it. */
const manageCommandsIn = (text: string): string[] => [
  ...new Set(
    [...text.matchAll(/npm run manage -- ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)/g)].map(
      ([, words = '']) => words,
    ),
  ),
];

/** What the command itself says it knows: `migrate`, and `user invite`. */
async function knownCommands(): Promise<Set<string>> {
  const listOf = async (...words: string[]): Promise<string[]> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['scripts/manage.ts', ...words, '--help'],
      {
        cwd: root,
      },
    );
    return [...(stdout.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z][a-z-]*)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'help');
  };
  const known = new Set<string>();
  for (const name of await listOf()) {
    const below = await listOf(name);
    known.add(name);
    for (const sub of below) known.add(`${name} ${sub}`);
  }
  return known;
}

const unknownMetrics = (text: string, known: string): string[] =>
  [...text.matchAll(/\bdonkey_[a-z_]+/g)]
    .map(([name]) => name.replace(/_(bucket|sum|count)$/, ''))
    .filter((name) => !known.includes(` ${name} `));

suite('documents for operators name what exists', () => {
  let commands: Set<string>;
  let metrics: string;
  before(async () => {
    commands = await knownCommands();
    metrics = await createMetrics('test').registry.metrics();
  });
  const unknownCommands = (text: string): string[] =>
    manageCommandsIn(text).filter((words) => {
      const [first = ''] = words.split(' ');
      const isGroup = [...commands].some((name) => name.startsWith(`${first} `));
      return isGroup ? !commands.has(words) : !commands.has(first);
    });

  for (const path of DOCUMENTS)
    test(path, () => {
      const text = read(path);
      assert.deepEqual(unknownSettings(text), [], 'settings');
      assert.deepEqual(unknownCodes(text), [], 'error codes');
      assert.deepEqual(unknownCommands(text), [], 'commands of npm run manage');
      assert.deepEqual(unknownMetrics(text, metrics), [], 'metrics');
    });

  test('and what does not exist would be noticed', () => {
    const text =
      '`PUBLIC_URL` and `NO_SUCH_THING=1`; `document.damaged` and `document.dull`; `npm run manage -- user invite`, `npm run manage -- user eat`, `npm run manage -- dance`; donkey_errors_total and donkey_none_total.';
    assert.deepEqual(unknownSettings(text), ['NO_SUCH_THING']);
    assert.deepEqual(unknownCodes(text), ['document.dull']);
    assert.deepEqual(unknownCommands(text), ['user eat', 'dance']);
    assert.deepEqual(unknownMetrics(text, metrics), ['donkey_none_total']);
  });
});

test('docs/troubleshooting.md: every symptom has its cause, where to look, and what mends it', () => {
  const [, ...entries] = read('docs/troubleshooting.md').split(/^### /m);
  assert.ok(entries.length >= 25, `${entries.length} entries`);
  for (const entry of entries) {
    const [symptom = ''] = entry.split('\n', 1);
    const parts = [...entry.matchAll(/^- \*\*(\w+)\.\*\* \S/gm)].map(([, name]) => name);
    assert.deepEqual(parts, ['Cause', 'Look', 'Mend'], symptom);
  }
});
