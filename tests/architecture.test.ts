import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');
const folders = ['api', 'worker', 'shared', 'db', 'scripts', 'tests'];

/** The packages the product is built on; TypeScript, the fourteenth, is the language it is written in. */
const fixedPackages = [
  'express',
  'express-rate-limit',
  'csurf',
  'multer',
  'file-type',
  'knex',
  'pg',
  'pgvector',
  'redis',
  'bullmq',
  'joi',
  'morgan',
  'prom-client',
];

interface Cruise {
  readonly modules: readonly {
    readonly source: string;
    readonly dependencies: readonly {
      readonly module: string;
      readonly dependencyTypes: readonly string[];
    }[];
  }[];
  readonly summary: {
    readonly totalCruised: number;
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
  };
}

/** Reads the imports of a tree and holds them against its rules. */
async function cruise(directory: string): Promise<Cruise> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/.bin/depcruise'),
      ...folders,
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ],
    { cwd: directory, maxBuffer: 64 * 1024 * 1024 },
  );
  return JSON.parse(stdout) as Cruise;
}

const violationsOf = ({ summary }: Cruise): string[] =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);

/** Violations in a tree of the given files under the rules of this one, as "rule: from -> to". */
async function cruiseFixture(files: Readonly<Record<string, string>>): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'donkey-architecture-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(directory, name));
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    for (const folder of folders) mkdirSync(join(directory, folder));
    for (const [path, text] of Object.entries(files)) writeFileSync(join(directory, path), text);
    return violationsOf(await cruise(directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Files that break a rule each: [what is wrong, file, its text, rule]. */
const planted: readonly (readonly [what: string, file: string, text: string, rule: string])[] = [
  ['the API imports the worker', 'api/a.ts', `import '#worker/end.ts';`, 'processes-are-strangers-api'],
  [
    'the worker imports a mere type of the API',
    'worker/a.ts',
    `import type { End } from '#api/end.ts';\nexport type A = End;`,
    'processes-are-strangers-worker',
  ],
  ['shared imports db', 'shared/a.ts', `import '#db/end.ts';`, 'shared-is-the-bottom'],
  ['db imports the API', 'db/a.ts', `import '#api/end.ts';`, 'db-sees-only-shared'],
  [
    'the product imports a script',
    'worker/b.ts',
    `import '#scripts/end.ts';`,
    'product-needs-no-scripts-or-tests',
  ],
  ['two files import each other', 'db/one.ts', `import './other.ts';`, 'no-circular'],
  [
    'a service knows Express',
    'api/x-service.ts',
    `import express from 'express';\nexpress();`,
    'services-know-no-express',
  ],
  ['an import leads nowhere', 'shared/b.ts', `import './missing.ts';`, 'not-unresolvable'],
  ['the product needs a development package', 'shared/c.ts', `import 'pdfkit';`, 'not-to-dev-dependency'],
  ['express leaves home', 'worker/express.ts', `import 'express';`, 'one-home-for-express'],
  ['multer leaves home', 'shared/multer.ts', `import 'multer';`, 'one-home-for-express'],
  ['knex leaves home', 'api/knex.ts', `import 'knex';`, 'one-home-for-knex'],
  ['pg leaves home', 'worker/pg.ts', `import 'pg';`, 'one-home-for-knex'],
  ['pgvector leaves home', 'shared/pgvector.ts', `import 'pgvector';`, 'one-home-for-knex'],
  ['bullmq leaves home', 'worker/bullmq.ts', `import 'bullmq';`, 'one-home-for-bullmq'],
  ['redis leaves home', 'db/redis.ts', `import 'redis';`, 'one-home-for-redis'],
  ['prom-client leaves home', 'api/prom-client.ts', `import 'prom-client';`, 'one-home-for-promclient'],
];

const harmless = {
  ...Object.fromEntries(folders.map((folder) => [`${folder}/end.ts`, 'export type End = 1;'])),
  'db/other.ts': '',
  'db/knex.ts': `import knex from 'knex';\nimport type { End } from '#shared/end.ts';\nexport const a: [End, unknown] = [1, knex];`,
  'worker/uses-db.ts': `import { a } from '#db/knex.ts';\nexport const b = a;`,
  'scripts/uses-all.ts': `import '#api/end.ts';\nimport '#worker/end.ts';`,
};

suite('architecture', () => {
  let tree: Cruise;
  before(async () => {
    tree = await cruise(root);
  });

  test('the imports keep to the rules', () => {
    assert.ok(tree.summary.totalCruised > 100, `only ${tree.summary.totalCruised} files were looked at`);
    assert.deepEqual(violationsOf(tree), []);
  });

  for (const name of fixedPackages) {
    test(`the product uses ${name}`, () => {
      const users = tree.modules
        .filter(({ source }) => /^(api|worker|shared|db)\//.test(source))
        .filter(({ dependencies }) =>
          dependencies.some(
            ({ module, dependencyTypes }) =>
              (module === name || module.startsWith(`${name}/`)) &&
              dependencyTypes.includes('npm') &&
              !dependencyTypes.includes('type-only'),
          ),
        );
      assert.notDeepEqual(users, [], `no file imports a value from ${name}`);
      const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
        dependencies: Record<string, string>;
      };
      assert.ok(manifest.dependencies[name], `${name} is not a dependency`);
    });
  }

  test('a tree that keeps to the rules has no violations', async () => {
    assert.deepEqual(await cruiseFixture(harmless), []);
  });
});

suite('a broken rule', () => {
  let found: string[];
  before(async () => {
    const broken = Object.fromEntries(planted.map(([, file, text]) => [file, text]));
    found = await cruiseFixture({ ...harmless, ...broken, 'db/other.ts': `import './one.ts';` });
  });

  for (const [what, file, , rule] of planted)
    test(`is noticed when ${what}`, () => {
      assert.ok(
        found.some((violation) => violation.startsWith(`${rule}: ${file} -> `)),
        `not among:\n${found.join('\n')}`,
      );
    });
});

/** Whether a source reads the process environment; what comments say does not count. */
function touchesEnvironment(source: string): boolean {
  if (!/\benv\b/.test(source)) return false;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { removeComments: true, target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext },
  });
  return [
    /\bprocess\s*(\?\.|\.)\s*(env\b|\[\s*['"]env)/,
    /\bprocess\s*\[\s*['"`]env/,
    /\benv\b[^;]*\}\s*=\s*(globalThis\.)?process\b/,
    /import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](node:)?process['"]/,
  ].some((pattern) => pattern.test(outputText));
}

suite('the process environment', () => {
  test('is read in shared/config/env.ts and nowhere else in the product', () => {
    const files = globSync('{api,worker,shared,db}/**/*.ts', { cwd: root });
    assert.ok(files.length > 100);
    const readers = files.filter((file) => touchesEnvironment(readFileSync(join(root, file), 'utf8')));
    assert.deepEqual(readers, ['shared/config/env.ts']);
  });

  for (const source of [
    'const a = process.env.HOME;',
    `const a = process['env'];`,
    'const { argv, env } = process;',
    `import { env } from 'node:process';\nenv.HOME;`,
    'run(process\n  .env);',
  ])
    test(`is noticed in ${JSON.stringify(source)}`, () => assert.ok(touchesEnvironment(source)));

  for (const source of [
    '// process.env is read elsewhere\nexport {};',
    'spawn(file, { env: {} });',
    'process.exitCode = 1;',
  ])
    test(`is not seen in ${JSON.stringify(source)}`, () => assert.ok(!touchesEnvironment(source)));
});
