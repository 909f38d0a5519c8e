import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import {
  contentDigest,
  rawPublicKey,
  SIGNATURE_MAX_SECONDS,
  signRequest,
} from '#shared/crypto/http-signature.ts';

export interface RequestToSign {
  readonly method: string;
  readonly url: URL;
  /** JSON text. */
  readonly json?: string | undefined;
  /** Prefix of the API key. */
  readonly keyId: string;
  readonly privateKey: KeyObject;
  /** Seconds since 1970; by default now. */
  readonly created?: number;
  /** By default random. */
  readonly nonce?: string;
}

/** The headers that a sensitive request needs beside `Authorization`; good once, and for five minutes. */
export function signedHeaders(request: RequestToSign): Record<string, string> {
  const { method, url, json, keyId, privateKey } = request;
  const headers: Record<string, string> =
    json === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-digest': contentDigest(Buffer.from(json, 'utf8')) };
  const target = `${url.pathname}${url.search}`;
  const signature = signRequest(
    { method, authority: url.host, target, headers },
    {
      privateKey,
      keyId,
      nonce: request.nonce ?? randomBytes(18).toString('base64url'),
      created: request.created ?? Math.floor(Date.now() / 1000),
      lifetime: SIGNATURE_MAX_SECONDS,
    },
  );
  return { ...headers, ...signature };
}

/** Makes a key pair; the private half goes into a file that only its owner can read. */
function newKey({ out }: { out: string }): void {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(out, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600, flag: 'wx' });
  console.log(rawPublicKey(publicKey).toString('base64'));
}

interface CallOptions {
  readonly apiKey: string;
  readonly privateKey: string;
  readonly json?: string;
}

function prepare(method: string, address: string, options: CallOptions) {
  const apiKey = readFileSync(options.apiKey, 'utf8').trim();
  const privateKey = createPrivateKey(readFileSync(options.privateKey));
  const [keyId = ''] = /^dk_[a-z0-9]{8}(?=_)/.exec(apiKey) ?? [];
  const url = new URL(address);
  const headers = signedHeaders({ method, url, json: options.json, keyId, privateKey });
  return { apiKey, url, headers };
}

/** Prints a curl command; the key itself stays in its file. */
function printCurl(method: string, address: string, options: CallOptions): void {
  const { url, headers } = prepare(method, address, options);
  const lines = [
    `curl -sS -X ${method} ${quoted(url.href)}`,
    `-H "Authorization: Bearer $(cat ${quoted(options.apiKey)})"`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(options.json === undefined ? [] : [`--data-binary ${quoted(options.json)}`]),
  ];
  console.log(lines.join(' \\\n  '));
}

/** Sends the request; prints the status to stderr and the answer to stdout. */
async function send(method: string, address: string, options: CallOptions): Promise<void> {
  const { apiKey, url, headers } = prepare(method, address, options);
  const response = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${apiKey}` },
    body: options.json ?? null,
    redirect: 'error',
  });
  console.error(response.status);
  console.log(await response.text());
  if (!response.ok) process.exitCode = 1;
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const program = new Command('npm run sign-request --')
  .description('Signs requests for sensitive operations, as docs/request-signing.md describes.')
  .showHelpAfterError();
program
  .command('new-key')
  .description('make an Ed25519 key pair and print the public half, which is registered with an API key')
  .requiredOption('--out <file>', 'where the private half goes; the file must not exist')
  .action(newKey);
program
  .command('public-key')
  .description('print the public half of a private key')
  .argument('<file>')
  .action((file: string) => {
    console.log(rawPublicKey(createPublicKey(readFileSync(file))).toString('base64'));
  });
for (const [name, description, action] of [
  ['curl', 'print a curl command that is good once, within five minutes', printCurl],
  ['send', 'send the request', send],
] as const)
  program
    .command(name)
    .description(description)
    .argument('<method>', 'GET, POST, PUT, PATCH or DELETE', (value) => value.toUpperCase())
    .argument('<url>')
    .requiredOption('--api-key <file>', 'file that holds the API key')
    .requiredOption('--private-key <file>', 'file that holds the private half of its key pair')
    .addOption(new Option('--json <text>', 'body'))
    .action(action);

if (import.meta.main) await program.parseAsync();
