import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { Command } from 'commander';
import { settings } from '#shared/config/settings.ts';
import type { Setting, SettingName } from '#shared/config/settings.ts';
import { freePort } from '#scripts/services/free-port.ts';

const entries = Object.entries(settings) as [SettingName, Setting][];

/** What only docker-compose.yml reads; the product itself knows nothing of it. */
const composeVariables = {
  POSTGRES_PASSWORD: 'Password of the database, for scripts/ops/make-secrets.sh. Empty: a random one.',
  REDIS_PASSWORD: 'Password of both Redis, for the same. Empty: a random one.',
} as const;

/** The same, with what applies when they are not set. */
const composeDefaults = {
  SECRETS_DIR: ['Directory of the secrets that scripts/ops/make-secrets.sh makes.', './secrets'],
  DONKEY_IMAGE: ['Image of the API and the workers.', 'donkey-workspace:local'],
  WORKERS: ['How many workers run; --scale worker=N says otherwise for once.', '1'],
  DOMAIN: ['Name for which the profile "proxy" gets a certificate.', 'localhost'],
  PROMETHEUS_PORT: ['Port of Prometheus on 127.0.0.1, profile "monitoring".', '9090'],
  ALERTMANAGER_PORT: ['Port of Alertmanager on 127.0.0.1, profile "monitoring".', '9093'],
  GRAFANA_PORT: ['Port of Grafana on 127.0.0.1, profile "monitoring".', '3001'],
  KIBANA_PORT: ['Port of Kibana on 127.0.0.1, profile "logging".', '5601'],
} as const;

/** Renders the settings in the form of an `.env` file; `valueOf` gives the text of one setting, undefined comments it out. */
function render(
  head: readonly string[],
  valueOf: (name: SettingName, setting: Setting) => string | undefined,
  composeValues: Record<keyof typeof composeVariables, string>,
): string {
  const lines = head.map((line) => `# ${line}`);
  let group = '';
  for (const [name, setting] of entries) {
    if (setting.group !== group) lines.push('', `# --- ${setting.group} ---`);
    group = setting.group;
    const value = valueOf(name, setting);
    lines.push(
      `# ${setting.description}`,
      value === undefined ? `# ${name}=${setting.fallback ?? ''}` : `${name}=${value}`,
    );
  }
  lines.push('', '# --- docker compose only ---');
  for (const [name, description] of Object.entries(composeVariables))
    lines.push(`# ${description}`, `${name}=${composeValues[name as keyof typeof composeVariables]}`);
  for (const [name, [description, fallback]] of Object.entries(composeDefaults))
    lines.push(`# ${description}`, `# ${name}=${fallback}`);
  return `${lines.join('\n')}\n`;
}

/** The documented example: defaults commented out, what must be given left empty. */
export function exampleFile(): string {
  return render(
    [
      'Every setting, made from shared/config/settings.ts by "npm run env:example". ./scripts/setup.sh writes .env itself.',
      'By hand: copy to .env and fill in the empty ones. A line that is commented out shows the default.',
    ],
    (_name, setting) => (setting.source === 'default' || setting.source === 'optional' ? undefined : ''),
    { POSTGRES_PASSWORD: '', REDIS_PASSWORD: '' },
  );
}

const secret = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** A 32-byte Ed25519 seed, as RFC 8032 calls the private key; any 32 random bytes are one. */
function signingSeed(): string {
  const { d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  if (d === undefined) throw new Error('no Ed25519 key could be made');
  return d;
}

function generated(setting: Setting): string | undefined {
  if (setting.source === 'secret') return secret(48);
  if (setting.source === 'signing-key') return signingSeed();
  if (setting.source === 'encryption-key') return `k1:${secret(32)}`;
  if (setting.source === 'password') return secret(18);
  return undefined;
}

/** Free ports for what would otherwise be taken on this host; only differences from the defaults are returned. */
async function freePorts(): Promise<Partial<Record<SettingName, string>>> {
  const chosen: Partial<Record<SettingName, string>> = {};
  const taken: number[] = [];
  for (const name of ['PORT', 'API_METRICS_PORT', 'WORKER_PORT'] as const) {
    const port = await freePort(Number(settings[name].fallback), taken);
    taken.push(port);
    if (String(port) !== settings[name].fallback) chosen[name] = String(port);
  }
  return chosen;
}

/**
 * A new `.env`: generated secrets, free ports, and what the environment gives (DATABASE_URL, REDIS_URL and any other
 * setting that is set).
 */
export async function newEnvFile(environment: NodeJS.ProcessEnv): Promise<string> {
  const ports = await freePorts();
  const first = { ADMIN_USERNAME: 'admin', ADMIN_EMAIL: 'admin@example.com' };
  return render(
    ['Written by ./scripts/setup.sh and never overwritten. Keep it secret: it holds keys and passwords.'],
    (name, setting) =>
      environment[name] ??
      (ports as Record<string, string | undefined>)[name] ??
      (first as Record<string, string | undefined>)[name] ??
      generated(setting),
    {
      POSTGRES_PASSWORD: orElse(environment.POSTGRES_PASSWORD, secret(18)),
      REDIS_PASSWORD: orElse(environment.REDIS_PASSWORD, secret(18)),
    },
  );
}

const orElse = (value: string | undefined, other: string): string =>
  value === undefined || value === '' ? other : value;

/** Names of settings without which the product does not start and which the file does not give. */
export function missingSettings(text: string): string[] {
  const values = parseEnv(text);
  return entries
    .filter(([, setting]) => ['required', 'secret', 'signing-key', 'encryption-key'].includes(setting.source))
    .map(([name]) => name)
    .filter((name) => (values[name] ?? '').trim() === '');
}

async function create(path: string): Promise<void> {
  try {
    // "wx" never overwrites, also when two set-ups run at once.
    writeFileSync(path, await newEnvFile(process.env), { mode: 0o600, flag: 'wx' });
    console.log(`      ok: ${path} written with new secrets (mode 0600)`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const missing = missingSettings(readFileSync(path, 'utf8'));
    if (missing.length === 0) {
      console.log(`      ok: ${path} is there and stays as it is`);
      return;
    }
    console.error(`      ${path} does not give ${missing.join(', ')}; add them (see .env.example)`);
    process.exitCode = 1;
  }
}

function example(path: string, checkOnly: boolean): void {
  if (!checkOnly) {
    writeFileSync(path, exampleFile());
    return;
  }
  let current = '';
  try {
    current = readFileSync(path, 'utf8');
  } catch {
    // A missing file is out of step like any other difference.
  }
  if (current === exampleFile()) return;
  console.error(`${path} is out of step with shared/config/settings.ts: run "npm run env:example"`);
  process.exitCode = 1;
}

if (import.meta.main) {
  const program = new Command('env-file').description(
    'Writes .env.example and the first .env from the settings.',
  );
  program
    .command('example')
    .option('--check', 'only tells whether it is in step')
    .action((options: { check?: boolean }) => example('.env.example', options.check === true));
  program.command('create').action(() => create('.env'));
  await program.parseAsync();
}
