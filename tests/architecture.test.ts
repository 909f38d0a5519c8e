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
import { dirname, join } from 'node:path';
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

/** A tree of its own under the rules of this one, with the given files. */
async function cruiseFixture(files: Readonly<Record<string, string>>): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'donkey-architecture-'));
  try {
    for (const name of ['.dependency-cruiser.cjs', 'package.json', 'tsconfig.json'])
      cpSync(join(root, name), join(directory, name));
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    for (const folder of folders) mkdirSync(join(directory, folder));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), text);
    }
    return violationsOf(await cruise(directory)).map((violation) => violation.split(' ', 1)[0] ?? '');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const planted: readonly {
  readonly rule: string;
  readonly what: string;
  readonly files: Readonly<Record<string, string>>;
}[] = [
  {
    rule: 'processes-are-strangers-api:',
    what: 'the API imports the worker',
    files: { 'api/a.ts': `import '#worker/b.ts';`, 'worker/b.ts': 'export {};' },
  },
  {
    rule: 'processes-are-strangers-worker:',
    what: 'the worker imports the API, if only a type',
    files: {
      'worker/a.ts': `import type { B } from '#api/b.ts';\nexport type A = B;`,
      'api/b.ts': 'export type B = 1;',
    },
  },
  {
    rule: 'shared-is-the-bottom:',
    what: 'shared imports db',
    files: { 'shared/a.ts': `import '#db/b.ts';`, 'db/b.ts': 'export {};' },
  },
  {
    rule: 'db-sees-only-shared:',
    what: 'db imports the API',
    files: { 'db/a.ts': `import '#api/b.ts';`, 'api/b.ts': 'export {};' },
  },
  {
    rule: 'product-needs-no-scripts-or-tests:',
    what: 'the product imports a script',
    files: { 'worker/a.ts': `import '#scripts/b.ts';`, 'scripts/b.ts': 'export {};' },
  },
  {
    rule: 'no-circular:',
    what: 'two files import each other',
    files: { 'db/a.ts': `import './b.ts';`, 'db/b.ts': `import './a.ts';` },
  },
  {
    rule: 'services-know-no-express:',
    what: 'a service knows Express',
    files: { 'api/x/x-service.ts': `import express from 'express';\nexpress();` },
  },
  {
    rule: 'not-unresolvable:',
    what: 'a file is imported that does not exist',
    files: { 'shared/a.ts': `import './missing.ts';` },
  },
  {
    rule: 'not-to-dev-dependency:',
    what: 'the product imports a development package',
    files: { 'shared/a.ts': `import pdfkit from 'pdfkit';\npdfkit;` },
  },
  ...[
    ['express', 'worker/a.ts'],
    ['multer', 'shared/a.ts'],
    ['knex', 'api/a.ts'],
    ['pg', 'worker/a.ts'],
    ['pgvector', 'shared/a.ts'],
    ['bullmq', 'worker/a.ts'],
    ['redis', 'shared/queue/a.ts'],
    ['prom-client', 'api/a.ts'],
  ].map(([name, path]) => ({
    rule: 'one-home-for-',
    what: `${name} away from home, in ${path}`,
    files: { [path!]: `import '${name}';` },
  })),
];

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

  for (const { rule, what, files } of planted) {
    test(`it is noticed when ${what}`, async () => {
      const found = await cruiseFixture(files);
      assert.ok(
        found.some((name) => name.startsWith(rule)),
        `${rule} was not among ${JSON.stringify(found)}`,
      );
    });
  }

  test('a tree that keeps to the rules has no violations', async () => {
    const found = await cruiseFixture({
      'shared/a.ts': 'export const a = 1;',
      'db/b.ts': `import knex from 'knex';\nimport { a } from '#shared/a.ts';\nexport const b = [knex, a];`,
      'worker/c.ts': `import { b } from '#db/b.ts';\nexport const c = b;`,
    });
    assert.deepEqual(found, []);
  });
});

/** Whether a source reads the process environment; what comments say does not count. */
function touchesEnvironment(source: string): boolean {
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
