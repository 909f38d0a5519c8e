/** Which folder may import which, and each package's one home. `docs/architecture.md` says why. */
const homes = [
  [
    'express|express-rate-limit|rate-limit-redis|csurf|multer|file-type|morgan|helmet|cookie|swagger-ui-dist',
    '^api/',
  ],
  ['knex|pg|pgvector', '^db/'],
  ['bullmq', '^shared/queue/'],
  ['redis', '^shared/redis/'],
  ['prom-client', '^shared/metrics/'],
  ['@hyzyla/pdfium', '^worker/documents/'],
  ['yazl', '^worker/maintenance/'],
  ['gpt-tokenizer', '^shared/domain/'],
  ['jose|@node-rs/argon2|structured-headers', '^shared/crypto/'],
  ['ipaddr\\.js|cockatiel', '^shared/net/'],
  ['pino', '^shared/logging/'],
  ['@opentelemetry/.*', '^shared/tracing/'],
  ['stemmer', '^shared/embedding/'],
  ['nodemailer', '^shared/mail/'],
  ['@zxcvbn-ts/language-common', '^api/auth/'],
  ['graphql|graphql-http|dataloader', '^api/graphql/'],
  ['commander|cli-progress', '^scripts/'],
];

/** Tests and scripts may look at everything. */
const product = '^(api|worker|shared|db)/';

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'shared-is-the-bottom',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(api|worker|db|scripts|tests)/' },
    },
    {
      name: 'db-sees-only-shared',
      severity: 'error',
      from: { path: '^db/' },
      to: { path: '^(api|worker|scripts|tests)/' },
    },
    {
      name: 'processes-are-strangers-api',
      severity: 'error',
      from: { path: '^api/' },
      to: { path: '^worker/' },
    },
    {
      name: 'processes-are-strangers-worker',
      severity: 'error',
      from: { path: '^worker/' },
      to: { path: '^api/' },
    },
    {
      name: 'product-needs-no-scripts-or-tests',
      severity: 'error',
      from: { path: product },
      to: { path: '^(scripts|tests)/' },
    },
    {
      name: 'services-know-no-express',
      severity: 'error',
      comment: 'Use cases are told what they need; only the toolkit speaks Express.',
      from: { path: '^api/(?!http/|app\\.ts)' },
      to: { dependencyTypes: ['npm'], path: 'node_modules/(@types/)?express/' },
    },
    {
      name: 'not-to-dev-dependency',
      severity: 'error',
      from: { path: product },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },
    { name: 'not-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...homes.map(([packages, home]) => ({
      name: `one-home-for-${packages.split('|')[0].replace(/\W/g, '')}`,
      severity: 'error',
      from: { path: product, pathNot: home },
      to: { path: `node_modules/(@types/)?(${packages})/` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(coverage|\\.local)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
