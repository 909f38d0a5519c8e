import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Methods that take SQL as text: knex's `raw`, `whereRaw` and the like, and `query` of the driver. */
const SQL_TEXT = 'CallExpression[callee.property.name=/^(raw|query|\\w+Raw)$/]';

/**
 * SQL is written out and values are bound to it. The few places that need more, for names that cannot be bound, say why
 * where they switch this off; `tests/sql-text.test.ts` has the list.
 */
const boundSql = [
  'error',
  {
    selector: `${SQL_TEXT} > TemplateLiteral.arguments:first-child[expressions.length>0]`,
    message: 'SQL is not put together from values: use bindings.',
  },
  {
    selector: `${SQL_TEXT} > BinaryExpression.arguments:first-child`,
    message: 'SQL is not put together from values: use bindings.',
  },
  {
    selector: `${SQL_TEXT} > :not(TemplateLiteral, Literal, ConditionalExpression, BinaryExpression).arguments:first-child`,
    message: 'SQL stands where it is run, as a literal text.',
  },
  {
    selector: `${SQL_TEXT} > ConditionalExpression.arguments:first-child > :not(Literal).consequent`,
    message: 'SQL stands where it is run, as a literal text.',
  },
  {
    selector: `${SQL_TEXT} > ConditionalExpression.arguments:first-child > :not(Literal).alternate`,
    message: 'SQL stands where it is run, as a literal text.',
  },
];

export default tseslint.config(
  { ignores: ['node_modules', '.local', 'coverage'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', ignoreRestSiblings: true, ignoreUsingDeclarations: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', name: ['test', 'it', 'describe', 'suite'], package: 'node:test' },
          ],
        },
      ],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      complexity: ['warn', 15],
      // The one place that names a type for an untyped source (a row, a setting) needs exactly such a parameter.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['api/**', 'worker/**', 'shared/**', 'db/**', 'scripts/**'],
    rules: { 'no-restricted-syntax': boundSql },
  },
  {
    // Two tables, as long as what they list; to split them would hide what belongs side by side.
    files: ['shared/config/settings.ts', 'shared/errors/error-catalog.ts'],
    rules: { 'max-lines': 'off' },
  },
  { files: ['scripts/**', 'tests/**'], rules: { 'no-console': 'off' } },
  {
    files: ['tests/**', '**/*.test.ts'],
    rules: {
      'max-lines': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests look into JSON answers, which have no type but the one that the assertion states.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  { files: ['**/*.mjs', '**/*.cjs', '**/*.js'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs', globals: { module: 'writable' } } },
);
