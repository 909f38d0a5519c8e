import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadEnvFile } from '#shared/config/env.ts';
import { apiUrl } from '#scripts/services/processes.ts';
import { ApiClient, ApiProblem } from '#scripts/demo/api-client.ts';
import { followJob } from '#scripts/demo/progress.ts';

interface Account {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}
interface Hit {
  readonly document_title: string;
  readonly text: string;
  readonly page_from: number | null;
  readonly page_to: number | null;
  readonly score: number;
}

const root = join(import.meta.dirname, '..');
const accountFile = join(root, '.local/demo.json');
const assistantName = 'Donkey Keeper';

const documents = [
  { file: 'donkey-handbook.pdf', title: "The Donkey Keeper's Handbook", type: 'application/pdf' },
  { file: 'running-the-workspace.txt', title: 'Running the workspace', type: 'text/plain' },
] as const;

/** Each question with a phrase that only the right passage holds. */
const questions = [
  { query: 'What is the normal temperature of a donkey at rest?', answer: '37.1 degrees Celsius' },
  { query: 'How do I make a backup before an upgrade?', answer: 'pg_dump' },
] as const;

/** The main job as any client does it: sign in, make an assistant, hand in documents, ask, get cited passages. */
async function demonstrate(): Promise<void> {
  loadEnvFile(join(root, '.env'));
  const client = new ApiClient(apiUrl());
  const account = await signIn(client);
  const assistantId = await findOrCreateAssistant(client);
  for (const document of documents) await upload(client, assistantId, document);
  let found = 0;
  for (const question of questions) if (await ask(client, assistantId, question)) found += 1;
  console.log(`\n      demo login: ${account.username} / ${account.password} (kept in ${accountFile})`);
  if (found < questions.length)
    throw new Error(`only ${found} of ${questions.length} questions were answered by the right passage`);
}

function rememberedAccount(): Account | undefined {
  try {
    return JSON.parse(readFileSync(accountFile, 'utf8')) as Account;
  } catch {
    return undefined;
  }
}

function newAccount(): Account {
  const username = `demo-${randomBytes(3).toString('hex')}`;
  const account = {
    username,
    email: `${username}@example.com`,
    password: randomBytes(15).toString('base64url'),
  };
  mkdirSync(join(root, '.local'), { recursive: true });
  writeFileSync(accountFile, `${JSON.stringify(account, null, 2)}\n`, { mode: 0o600 });
  return account;
}

/** The remembered account is registered again when a reset took it away. */
async function signIn(client: ApiClient): Promise<Account> {
  const remembered = rememberedAccount();
  const account = remembered ?? newAccount();
  if (remembered !== undefined) {
    try {
      await client.post('/auth/login', { username: account.username, password: account.password });
      console.log(`      ok: logged in as ${account.username}`);
      return account;
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
    }
  }
  await client.post('/auth/register', { ...account });
  console.log(`      ok: registered ${account.username}`);
  return account;
}

async function findOrCreateAssistant(client: ApiClient): Promise<string> {
  const existing = await client.get<{ id: string; name: string }[]>('/assistants?limit=100');
  const known = existing.find(({ name }) => name === assistantName);
  const assistant = known ?? (await client.post<{ id: string }>('/assistants', { name: assistantName }));
  console.log(
    `      ok: assistant "${assistantName}" ${known === undefined ? 'created' : 'is there already'}`,
  );
  return assistant.id;
}

async function upload(
  client: ApiClient,
  assistantId: string,
  { file, title, type }: (typeof documents)[number],
): Promise<void> {
  const form = new FormData();
  form.set('assistant_id', assistantId);
  form.set('title', title);
  const bytes = readFileSync(join(root, 'scripts/demo', file));
  form.set('file', new Blob([bytes], { type }), basename(file));
  const { document, job } = await client.post<{
    document: { id: string; status: string };
    job?: { id: string } | null;
  }>('/documents', form);
  if (document.status === 'completed') console.log(`      ok: ${file} was taken in before`);
  else if (job === undefined || job === null) throw new Error(`${file} is ${document.status} and has no job`);
  else await followJob(client, job.id, file);
  const { page_count, chunk_count } = await client.get<{ page_count: number | null; chunk_count: number }>(
    `/documents/${document.id}`,
  );
  console.log(`      ok: ${file}: ${page_count ?? 1} page(s), ${chunk_count} passages`);
}

async function ask(
  client: ApiClient,
  assistantId: string,
  { query, answer }: (typeof questions)[number],
): Promise<boolean> {
  const hits = await client.post<Hit[]>('/search', { query, limit: 3, assistant_id: assistantId });
  console.log(`\n      Question: ${query}`);
  hits.forEach((hit, index) => {
    const page = hit.page_from === null ? '' : `, page ${hit.page_from}${lastPage(hit)}`;
    console.log(`      ${index + 1}. ${hit.document_title}${page}, score ${hit.score.toFixed(4)}`);
    if (index === 0) console.log(quote(hit.text, answer));
  });
  const right = hits.some(({ text }) => withoutBreaks(text).includes(answer));
  if (!right) console.log(`      NOT FOUND: no passage holds "${answer}"`);
  return right;
}

const lastPage = ({ page_from, page_to }: Hit): string => (page_to === page_from ? '' : `-${page_to ?? ''}`);
const withoutBreaks = (text: string): string => text.replace(/\s+/g, ' ');

/** A window of the passage around the answer, wrapped for reading. */
function quote(text: string, answer: string): string {
  const flat = withoutBreaks(text);
  const start = Math.max(0, flat.indexOf(answer) - 160);
  const excerpt = `${start > 0 ? '... ' : ''}${flat.slice(start, start + 360)}${start + 360 < flat.length ? ' ...' : ''}`;
  return (excerpt.match(/.{1,96}(\s|$)/g) ?? []).map((line) => `         | ${line.trimEnd()}`).join('\n');
}

try {
  await demonstrate();
} catch (error) {
  const unreachable = error instanceof TypeError && error.message === 'fetch failed';
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`      ${unreachable ? `nothing answers at ${apiUrl()}: run npm start first` : reason}`);
  process.exitCode = 1;
}
