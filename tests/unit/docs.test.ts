import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { ERROR_GROUPS, outdatedDocuments } from '#scripts/generate-docs.ts';
import { settings } from '#shared/config/settings.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import type { ErrorEntry } from '#shared/errors/error-catalog.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly version: string;
  readonly license: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
const manifest = JSON.parse(read('package.json')) as Manifest;

const documents = globSync('**/*.md', {
  cwd: root,
  exclude: (name) => ['node_modules', '.local', '.git', 'coverage'].includes(name),
});

const withoutCode = (text: string): string => text.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, '');

/** Relative links of a document that lead nowhere. */
function brokenLinks(path: string, text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [file = '', anchor] = target.split('#');
      const place = file === '' ? join(root, path) : join(root, dirname(path), file);
      return (
        !existsSync(place) || (anchor !== undefined && !anchorsOf(readFileSync(place, 'utf8')).has(anchor))
      );
    });
}

/** Anchors of the headings, as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.replace(/^```.*?^```$/gms, '').matchAll(/^#+ (.+)$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Commands a document names that do not exist. */
function unknownCommands(text: string): string[] {
  const scripts = [
    ...text.matchAll(/\bnpm run (?:--?\w+ )*([\w:-]+)/g),
    ...text.matchAll(/\bnpm (start|stop|test)\b/g),
  ]
    .map(([, name = '']) => name)
    .filter((name) => manifest.scripts[name] === undefined);
  const files = [...text.matchAll(/(?:\.\/)?(scripts\/[\w./-]+\.(?:sh|ts))\b/g)]
    .map(([, file = '']) => file)
    .filter((file) => !existsSync(join(root, file)));
  return [...scripts, ...files];
}

/** Files and folders of the tree that a document names in code style and that do not exist. */
function unknownPaths(text: string): string[] {
  return [...text.matchAll(/`((?:api|worker|shared|db|scripts|tests|docs)\/[\w./-]*)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)));
}

test('generated documents are in step with the code', async () => {
  assert.deepEqual(await outdatedDocuments(), []);
});

test('every error code and every setting is documented', () => {
  const missing = (names: readonly string[], text: string) =>
    names.filter((name) => !text.includes(`\`${name}\``));
  assert.deepEqual(missing(Object.keys(errorCatalog), read('docs/errors.md')), []);
  assert.deepEqual(missing(Object.keys(settings), read('docs/configuration.md')), []);
});

test('of every error code the meaning and what a client should do are written down', () => {
  const cells = (line: string): string[] => line.split(/ *(?<!\\)\| */).slice(1, -1);
  const rows = read('docs/errors.md').split('\n').map(cells);
  for (const [code, entry] of Object.entries<ErrorEntry>(errorCatalog)) {
    assert.match(entry.title, /^[A-Z].{8,}[^.]$/, code);
    assert.match(entry.remedy, /^[A-Z].{8,}\.$/, code);
    assert.ok(ERROR_GROUPS[code.split('.', 1)[0]!], `${code}: its group has no heading`);
    const row = rows.find(([first]) => first === `\`${code}\``);
    const again = entry.retryable === true ? 'yes' : 'no';
    const shown = [entry.status, entry.title, entry.remedy].map((cell) =>
      String(cell).replaceAll('|', '\\|'),
    );
    assert.deepEqual(row?.slice(1, 4), shown, code);
    assert.ok(row[4]?.startsWith(again), code);
  }
});

suite('documents name what exists', () => {
  test('there are documents to look at', () => {
    for (const path of ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/architecture.md'])
      assert.ok(documents.includes(path), path);
  });

  for (const path of documents)
    test(path, () => {
      const text = read(path);
      assert.deepEqual(brokenLinks(path, text), [], 'links');
      assert.deepEqual(unknownCommands(text), [], 'commands');
      assert.deepEqual(unknownPaths(text), [], 'paths');
    });

  test('and what does not exist would be noticed', () => {
    const text =
      'A [link](docs/none.md), [two](#none), [good](README.md). Run `npm run none` or `scripts/none.sh`; see `api/none.ts`.';
    assert.deepEqual(brokenLinks('README.md', text), ['docs/none.md', '#none']);
    assert.deepEqual(unknownCommands(text), ['none', 'scripts/none.sh']);
    assert.deepEqual(unknownPaths(text), ['scripts/none.sh', 'api/none.ts']);
  });
});

suite('packages', () => {
  const adr = read('docs/adr/0014-libraries-beside-the-fixed-ones.md');
  const rows = [...adr.matchAll(/^\| (\S+) +\| (\d+) +\| (\S+) +\|/gm)].map(
    ([, name = '', major, licence]) => ({
      name,
      major,
      licence,
    }),
  );
  const fixed = /TypeScript, ([^.]*)\./s.exec(adr)?.[1]?.split(/,\s+/) ?? [];

  test('each beside the fixed ones is in the list, and nothing else', () => {
    const all = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
    const others = all.filter((name) => !fixed.includes(name) && !name.startsWith('@types/'));
    assert.equal(fixed.length, 13);
    assert.deepEqual(rows.map(({ name }) => name).sort(), others.sort());
  });

  for (const { name, major, licence } of rows)
    test(`${name} has the major version and licence that the list says`, () => {
      const installed = JSON.parse(read(`node_modules/${name}/package.json`)) as Manifest;
      assert.equal(installed.version.split('.', 1)[0], major);
      assert.equal(installed.license, licence);
    });

  test('the home of each is in docs/architecture.md', () => {
    const homes = /\| Package.*?\n\n/s.exec(read('docs/architecture.md'))?.[0] ?? '';
    const named = [...homes.matchAll(/^\| ([^|]+)\|/gm)].flatMap(([, cell = '']) =>
      cell.trim().split(/,\s+/),
    );
    assert.deepEqual(
      Object.keys(manifest.dependencies).filter((name) => !named.includes(name)),
      [],
    );
  });
});
