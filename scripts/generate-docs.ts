import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { schemaText } from '#api/graphql/schema-text.ts';
import { baselineText } from '#scripts/lib/api-baseline.ts';
import { logIndexTemplate } from '#scripts/lib/log-index.ts';
import { settings } from '#shared/config/settings.ts';
import type { Setting } from '#shared/config/settings.ts';
import { errorCatalog } from '#shared/errors/error-catalog.ts';
import type { ErrorEntry } from '#shared/errors/error-catalog.ts';
import { logFields } from '#shared/logging/log-fields.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';

const root = join(import.meta.dirname, '..');

const madeFrom = (source: string): string =>
  `<!-- Made from ${source} by scripts/generate-docs.ts: change that file and run the script. -->`;

/** A Markdown table; the cells may hold any text. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Sections of a document, in the order in which their keys first appear. */
function sections<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  return [...Map.groupBy(items, keyOf)];
}

const isRequired = ({ source }: Setting): boolean =>
  ['required', 'secret', 'signing-key', 'encryption-key'].includes(source);

/** What applies when a variable is not set. */
function whenAbsent(setting: Setting): string {
  if (isRequired(setting)) return setting.source === 'required' ? 'required' : 'required, a secret';
  if (setting.fallback === undefined || setting.fallback === '') return 'none';
  return `\`${setting.fallback}\``;
}

/** Their names as a sentence lists them. */
function secretNames(entries: readonly [string, Setting][]): string {
  const names = entries.filter(([, { secret }]) => secret === true).map(([name]) => `\`${name}\``);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

function configurationText(): string {
  const entries = Object.entries(settings) as [string, Setting][];
  return [
    madeFrom('shared/config/settings.ts'),
    '# Configuration',
    `Settings are environment variables. Both processes and \`npm run manage\` also read the file \`.env\` of the working
directory; a variable that is set in the environment wins. \`./scripts/setup.sh\` writes \`.env\` with generated secrets and
never overwrites it. Without the set-up: copy \`.env.example\` and fill in what is empty.`,
    `All settings are checked when a process starts. If any cannot be used, it names every fault at once and exits; values of
secrets are not repeated. An empty value counts as not set. A change takes effect with \`npm stop\` and \`npm start\`.`,
    `A secret may lie in a file of its own, as those of containers do: instead of \`NAME\` set \`NAME_FILE\` to its path. Both at
once are refused. This goes for ${secretNames(entries)}.`,
    `Some rules join several settings. \`CHUNK_OVERLAP_TOKENS\` is at most half of \`CHUNK_SIZE_TOKENS\`. The provider
\`openai\` needs \`EMBEDDING_MODEL\` and \`EMBEDDING_DIMENSIONS\`, for answers \`COMPLETION_MODEL\`. \`ADMIN_USERNAME\` needs \`ADMIN_EMAIL\` and
\`ADMIN_PASSWORD\`. With \`NODE_ENV=production\`, \`PUBLIC_URL\` must be an \`https://\` address and \`REDIS_CACHE_URL\` must
name another Redis than \`REDIS_URL\`.`,
    ...sections(entries, ([, { group }]) => group).flatMap(([group, members]) => [
      `## ${group}`,
      table(
        ['Variable', 'Default', 'Meaning'],
        members.map(([name, setting]) => [`\`${name}\``, whenAbsent(setting), setting.description]),
      ),
    ]),
  ].join('\n\n');
}

/** Headings by the part of a code before the dot. */
export const ERROR_GROUPS: Readonly<Record<string, string>> = {
  request: 'Requests',
  route: 'Routes',
  page: 'Pages of lists',
  precondition: 'Conditional requests',
  graphql: 'GraphQL',
  idempotency: 'Idempotency keys',
  batch: 'Batches',
  api_key: 'API keys',
  prompt: 'Prompts',
  memory: 'Memories',
  memory_chain: 'Chains of memories',
  webhook: 'Webhooks',
  mail: 'Mail',
  embedding_model: 'Embedding models',
  conversation: 'Conversations',
  message: 'Messages',
  completion: 'Completion',
  reflection: 'Reflections',
  credential: 'Credentials of other services',
  auth: 'Logins',
  user: 'Users',
  session: 'Sessions',
  assistant: 'Assistants',
  document: 'Documents',
  quota: 'Quotas',
  export: 'Exports',
  job: 'Jobs',
  embedding: 'Embedding',
  service: 'The service',
  internal: 'Faults of ours',
};

function againText({ retryable, maxFailures }: ErrorEntry): string {
  if (retryable !== true) return 'no';
  return maxFailures === undefined ? 'yes' : `yes, ${maxFailures} attempts in all`;
}

function errorsText(): string {
  const entries = Object.entries<ErrorEntry>(errorCatalog);
  const prefixOf = (code: string): string => code.split('.', 1)[0] ?? code;
  return [
    madeFrom('shared/errors/error-catalog.ts'),
    '# Errors',
    `Every answer with a status of 400 or more is \`application/problem+json\` (RFC 9457). Programs should look at \`code\`: it
is stable, while titles and details may be reworded. \`correlation_id\` stands in every log line of the request and of
the jobs it caused. Where fields are at fault, \`errors\` lists them with a JSON pointer each.`,
    `Jobs and documents that fail carry the same codes in their \`error\`, with the stage, the remedy and whether a retry may
help; the status is then that of the code, not of the answer. "Retryable" says whether the same request or job may succeed
later without being changed; jobs with such an error are tried again by themselves.`,
    ...sections(entries, ([code]) => prefixOf(code)).flatMap(([prefix, members]) => [
      `## ${ERROR_GROUPS[prefix] ?? prefix}`,
      table(
        ['Code', 'Status', 'Meaning', 'What the client should do', 'Retryable'],
        members.map(([code, entry]) => [
          `\`${code}\``,
          String(entry.status),
          entry.title,
          entry.remedy,
          againText(entry),
        ]),
      ),
    ]),
  ].join('\n\n');
}

async function metricsText(): Promise<string> {
  const { registry } = createMetrics('docs');
  const own = (await registry.getMetricsAsJSON()).filter(({ name }) => name.startsWith('donkey_'));
  const labelsOf = (name: string): readonly string[] =>
    (registry.getSingleMetric(name) as unknown as { labelNames: readonly string[] }).labelNames;
  return [
    madeFrom('shared/metrics'),
    '# Metrics',
    `What the processes tell at \`GET /metrics\`; [monitoring.md](monitoring.md) says how they are read. Every series also has
\`service\`: \`api\` or \`worker\`; of circuit breakers it is what they stand before. Both processes know all names, and what only one
of them can measure is 0 or missing in the other. A histogram is the series \`_bucket\`, \`_sum\` and \`_count\`. The runtime adds
\`process_*\` and \`nodejs_*\`: memory, processor time, event loop, garbage collection.`,
    table(
      ['Metric', 'Kind', 'Labels', 'Meaning'],
      own.map(({ name, type, help }) => [
        `\`${name}\``,
        String(type),
        labelsOf(name)
          .map((label) => `\`${label}\``)
          .join(', '),
        help,
      ]),
    ),
  ].join('\n\n');
}

const logFieldsText = (): string =>
  [
    madeFrom('shared/logging/log-fields.ts'),
    '# Fields of log lines',
    'A line is one JSON object. It has no other fields than these; [logging.md](logging.md) says how lines are read.',
    table(
      ['Field', 'Kind', 'Meaning'],
      Object.entries(logFields).map(([name, { kind, about }]) => [`\`${name}\``, kind, about]),
    ),
  ].join('\n\n');

/**
 * The documents that are made from code, as they should be on disk.
 *
 * @returns path from the root of the repository -> text
 */
export async function generatedDocuments(): Promise<Map<string, string>> {
  const options = (await resolveConfig(join(root, 'docs/errors.md'))) ?? {};
  const texts = [
    ['docs/configuration.md', configurationText(), 'markdown'],
    ['docs/errors.md', errorsText(), 'markdown'],
    ['docs/log-fields.md', logFieldsText(), 'markdown'],
    ['docs/metrics.md', await metricsText(), 'markdown'],
    ['docs/schema.graphql', schemaText(), 'graphql'],
    ['ops/elasticsearch/index-template.json', JSON.stringify(logIndexTemplate()), 'json'],
  ] as const;
  const formatted = texts.map(
    async ([path, text, parser]) => [path, await format(text, { ...options, parser })] as const,
  );
  return new Map(await Promise.all(formatted));
}

function current(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

/** Paths of the documents that are missing or differ from the code they are made from. */
export async function outdatedDocuments(): Promise<string[]> {
  return [...(await generatedDocuments())]
    .filter(([path, text]) => current(path) !== text)
    .map(([path]) => path);
}

/** What version 1 of the API promises; it is written anew only on request, since that changes the promise. */
const BASELINE = 'docs/openapi-v1.json';

interface Options {
  readonly check?: boolean;
  readonly baseline?: boolean;
}

async function main({ check, baseline }: Options): Promise<void> {
  if (baseline === true) {
    writeFileSync(join(root, BASELINE), await baselineText());
    console.log(`${BASELINE} written`);
    return;
  }
  if (check === true) {
    for (const path of await outdatedDocuments()) {
      console.error(`${path} is out of step with the code: run "npm run docs:generate"`);
      process.exitCode = 1;
    }
    return;
  }
  for (const [path, text] of await generatedDocuments()) {
    writeFileSync(join(root, path), text);
    console.log(`${path} written`);
  }
}

if (import.meta.main)
  await new Command('generate-docs')
    .description(
      'Writes what is made from the code: settings, errors, metrics, log fields, the GraphQL schema and the index template.',
    )
    .option(
      '--baseline',
      `writes ${BASELINE} instead, from which on clients are promised what the API does now`,
    )
    .option('--check', 'writes nothing; fails when a document is out of step')
    .action(main)
    .parseAsync();
