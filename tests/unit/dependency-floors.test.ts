import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/**
 * Versions from which on known weaknesses are mended, by package, a line for each line of versions that was mended, and why. What
 * is installed may not be older, wherever it stands in the tree. The audit of CI knows more; this holds without a network.
 */
const FLOORS: Readonly<Record<string, readonly (readonly [version: string, reason: string])[]>> = {
  'body-parser': [['2.2.1', 'CVE-2025-13466']],
  'brace-expansion': [
    ['1.1.12', 'CVE-2025-5889'],
    ['2.0.2', 'CVE-2025-5889'],
    ['4.0.1', 'CVE-2025-5889'],
  ],
  cookie: [['0.7.0', 'CVE-2024-47764']],
  'cross-spawn': [['7.0.5', 'CVE-2024-21538']],
  express: [['5.0.0', 'CVE-2024-43796']],
  'file-type': [['21.3.1', 'CVE-2026-31808']],
  'js-yaml': [['4.1.1', 'CVE-2025-64718']],
  lodash: [['4.17.23', 'CVE-2025-13465']],
  multer: [['2.2.0', 'CVE-2026-5079, CVE-2026-3520, CVE-2025-7338']],
  nodemailer: [['7.0.11', 'CVE-2025-14874']],
  'on-headers': [['1.1.0', 'CVE-2025-7339']],
  'path-to-regexp': [['8.0.0', 'CVE-2024-45296']],
  qs: [['6.14.1', 'CVE-2025-15284']],
  send: [['0.19.0', 'CVE-2024-43799']],
  semver: [['7.5.2', 'CVE-2022-25883']],
  'serve-static': [
    ['1.16.0', 'CVE-2024-43800'],
    ['2.1.0', 'CVE-2024-43800'],
  ],
};

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

const partsOf = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number);

function isBelow(version: string, floor: string): boolean {
  const [a, b] = [partsOf(version), partsOf(floor)];
  const index = a.findIndex((part, place) => part !== b[place]);
  return index !== -1 && (a[index] ?? 0) < (b[index] ?? 0);
}

/** The floor of the version's own line; of a line that was never mended, the next one above it. */
function floorOf(version: string, floors: readonly (readonly [string, string])[]): readonly [string, string] {
  const [major = 0] = partsOf(version);
  return floors.find(([floor]) => (partsOf(floor)[0] ?? 0) >= major) ?? floors.at(-1)!;
}

/** Every installed package that is older than its floor, in words; and which packages with a floor there are. */
function lookAt({ packages }: Lock): { below: string[]; seen: Set<string> } {
  const below: string[] = [];
  const seen = new Set<string>();
  for (const [path, { version }] of Object.entries(packages)) {
    const name = path.split('node_modules/').at(-1) ?? '';
    const floors = FLOORS[name];
    if (floors === undefined || version === undefined) continue;
    seen.add(name);
    const [floor, reason] = floorOf(version, floors);
    if (isBelow(version, floor)) below.push(`${name} ${version} is below ${floor} (${reason})`);
  }
  return { below, seen };
}

suite('promise 46: dependencies', () => {
  test('promise 46: nothing in the lock file is older than what mends a known weakness', (t) => {
    const { below, seen } = lookAt(JSON.parse(read('package-lock.json')) as Lock);
    t.diagnostic(`${seen.size} packages with a floor, ${below.length} below it`);
    assert.deepEqual(below, []);
    // A floor for what is not installed any more is one to take out.
    assert.deepEqual(
      Object.keys(FLOORS).filter((name) => !seen.has(name)),
      [],
    );
  });

  test('promise 46: an old version would be noticed, in every line of versions', () => {
    const lock = (name: string, version: string): Lock => ({
      packages: { [`node_modules/a/node_modules/${name}`]: { version } },
    });
    const isNoticed = (name: string, version: string): boolean =>
      lookAt(lock(name, version)).below.length === 1;
    assert.deepEqual(
      ['1.4.4', '2.1.9', '2.2.0', '2.10.0', '3.0.0'].map((version) => isNoticed('multer', version)),
      [true, true, false, false, false],
    );
    assert.deepEqual(
      ['1.1.11', '1.1.12', '2.0.1', '2.0.2', '3.0.0', '4.0.1', '5.0.0'].map((version) =>
        isNoticed('brace-expansion', version),
      ),
      [true, false, true, false, true, false, false],
    );
  });

  test('promise 46: CI audits what production runs, and fails from moderate on', () => {
    assert.match(read('.github/workflows/ci.yml'), /^ +- run: npm audit --omit=dev --audit-level=moderate$/m);
  });
});
