import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import ts from 'typescript';

const root = join(import.meta.dirname, '..');

/**
 * Where SQL is more than one literal text, and why that is safe. Each place also says so beside the lint rule that it
 * switches off.
 */
const justified: Readonly<Record<string, string>> = {
  'db/migrations/0028-history.ts': 'the exception of the audit guard, one of two constants',
  'db/migrations/0030-halfvec-indexes.ts': 'types of indexes, numbers that the database has given',
  'db/online-index.ts': 'the definition of an index, a constant of a migration',
  'db/queries/account-snapshot.ts': 'the count of a fetch, a constant that cannot be bound',
  'db/queries/search-chunks.ts': 'written by searchSql from constants and the numbers of an embedding model',
  'db/queries/search-memories.ts':
    'written by memorySearchSql from constants and the numbers of an embedding model',
  'db/queries/text-feedback.ts': 'written by learnSql from constants',
  'db/review-refused.ts': 'a condition that is a constant of the file',
  'db/stores/maintenance-store.ts': 'conditions that are constants of the file',
  'db/stores/vector-build-store.ts': 'names of tables and columns, constants of embedded-tables.ts',
  'db/vector-index.ts': 'names and types of indexes, made of the numbers of an embedding model',
  'scripts/bench/ingest/bare-parts.ts': 'COPY, constants of the file as a stream',
  'scripts/bench/vectors/bare-search.ts': 'statements that the product itself has sent, as they were',
  'scripts/bench/vectors/index-shelf.ts': 'names and definitions of indexes, as PostgreSQL has quoted them',
};

/** Methods that take SQL as text: of knex, and of the driver. */
const TAKES_SQL = /^(raw|query|\w+Raw)$/;

const isLiteral = (node: ts.Expression | undefined): boolean =>
  node !== undefined &&
  (ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    (ts.isConditionalExpression(node) && isLiteral(node.whenTrue) && isLiteral(node.whenFalse)));

interface SqlCall {
  readonly line: number;
  readonly literal: boolean;
}

/** Every call in a source that takes SQL as text. */
function sqlCalls(source: string): SqlCall[] {
  const file = ts.createSourceFile('file.ts', source, ts.ScriptTarget.ESNext, true);
  const calls: SqlCall[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isCallExpression(node) &&
      ts.isPropertyAccessExpression(node.expression) &&
      TAKES_SQL.test(node.expression.name.text)
    )
      calls.push({
        line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
        literal: isLiteral(node.arguments[0]),
      });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return calls;
}

suite('ASVS 5.0 1.2.4, promise 36: SQL is never put together from values', () => {
  const files = globSync('{api,worker,shared,db,scripts}/**/*.ts', { cwd: root });
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');

  test('every statement is a literal text with bindings, but for the listed ones', (t) => {
    const calls = files.flatMap((file) => sqlCalls(read(file)).map((call) => ({ file, ...call })));
    const others = calls.filter(({ literal }) => !literal);
    t.diagnostic(
      `${calls.length} statements as text in ${files.length} files, ${others.length} of them made of parts`,
    );
    assert.ok(calls.length > 40);
    assert.deepEqual([...new Set(others.map(({ file }) => file))].sort(), Object.keys(justified));
  });

  test('the lint rule is switched off there, with a reason, and nowhere else', () => {
    const marked = files.filter((file) => /eslint-disable[^\n]*no-restricted-syntax/.test(read(file)));
    assert.deepEqual(marked.sort(), Object.keys(justified));
    for (const file of marked) assert.match(read(file), /no-restricted-syntax -- \w+/, file);
  });

  test('only db/ speaks SQL, and benchmarks, which measure it bare', () => {
    const elsewhere = files.filter(
      (file) => !/^(?:db|scripts\/bench)\//.test(file) && sqlCalls(read(file)).length > 0,
    );
    assert.deepEqual(elsewhere, []);
  });

  for (const source of [
    'trx.raw(`select ${id}`)',
    `trx.raw('select ' + id)`,
    'query.whereRaw(condition)',
    'query.orderByRaw(`${column} desc`)',
    'client.query(text, [id])',
    `query.whereRaw(wide ? 'true' : narrow)`,
    'trx.raw(...parts)',
  ])
    test(`is noticed: ${source}`, () => assert.deepEqual(sqlCalls(source), [{ line: 1, literal: false }]));

  for (const source of [
    `trx.raw('select ?', [id])`,
    'trx.raw(`select :id`, { id })',
    `query.whereRaw(wide ? 'true' : 'a = ?', [a])`,
  ])
    test(`is fine: ${source}`, () => assert.deepEqual(sqlCalls(source), [{ line: 1, literal: true }]));
});
