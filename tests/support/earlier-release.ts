import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The code of before, in a folder of its own, ready to run. */
export interface EarlierRelease extends AsyncDisposable {
  readonly folder: string;
  /** Tag or commit. */
  readonly name: string;
  /** Migrations that the present code has and this one has not, oldest first. */
  readonly missing: readonly string[];
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MIGRATIONS = 'db/migrations';
/** How many of the last migrations the commit lacks that is taken where no release was tagged. */
const MIGRATIONS_BACK = 3;
/** Code that has this holds a schema newer than itself to be good: since then it is promised. */
const MARK_OF_PROMISE = 'disableMigrationsListValidation';

const run = promisify(execFile);
const git = async (...args: string[]): Promise<string> =>
  (await run('git', args, { cwd: ROOT, maxBuffer: 2 ** 26 })).stdout.trim();

/**
 * Takes the last tagged release that has not all migrations of now, or where none was tagged the last commit that lacks some and
 * already promised to serve on a newer schema, out of the history.
 *
 * @returns in words why there is none, as in a download without its history
 */
export async function takeEarlierRelease(): Promise<EarlierRelease | string> {
  const now = (await readdir(join(ROOT, MIGRATIONS))).sort();
  const found = await findEarlier(now).catch((error: unknown) => `no history: ${(error as Error).message}`);
  if (typeof found === 'string') return found;
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'donkey-earlier-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await run('bash', ['-c', 'git archive "$1" | tar -x -C "$2"', 'archive', found.name, folder], {
    cwd: ROOT,
  });
  await providePackages(folder);
  const owned = stack.move();
  return { ...found, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function findEarlier(now: readonly string[]): Promise<{ name: string; missing: string[] } | string> {
  const tags = (await git('tag', '--merged', 'HEAD', '--sort=-creatordate')).split('\n').filter(Boolean);
  const commits = (await git('rev-list', 'HEAD')).split('\n');
  const candidates = [
    ...tags.map((name) => ({ name, least: 1 })),
    ...commits.map((name) => ({ name, least: MIGRATIONS_BACK })),
  ];
  for (const { name, least } of candidates) {
    const then = new Set((await git('ls-tree', '--name-only', `${name}:${MIGRATIONS}`)).split('\n'));
    const missing = now.filter((file) => !then.has(file));
    if (missing.length >= least && (await promises(name))) return { name, missing };
  }
  return 'the history that is here has no commit with fewer migrations';
}

const promises = (commit: string): Promise<boolean> =>
  git('grep', '-q', MARK_OF_PROMISE, commit, '--', 'db').then(
    () => true,
    () => false,
  );

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The packages of now, where they are the same; else its own. */
async function providePackages(folder: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
  const installed = await Promise.all(
    Object.entries(dependencies).map(async ([name, version]) => {
      const text = await readFile(join(ROOT, 'node_modules', name, 'package.json'), 'utf8').catch(() => '{}');
      return (JSON.parse(text) as Partial<Manifest>).version === version;
    }),
  );
  if (installed.every(Boolean)) await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  else await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}
