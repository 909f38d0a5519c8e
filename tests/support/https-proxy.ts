import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '#scripts/services/free-port.ts';
import { waitFor } from './wait-for.ts';

/** A reverse proxy with TLS, configured by a file of ops/proxy. */
export interface HttpsProxy extends AsyncDisposable {
  /** The certificate to trust. */
  readonly certificate: string;
}

/** A kind of proxy: how it is configured for a test, and how it is started. */
export interface ProxyKind {
  readonly name: string;
  /** Why it cannot be tested here, or false. */
  readonly missing: string | false;
  /** @param port where it listens, as https://localhost:port, in front of the API at `upstream` (host:port) */
  start(port: number, upstream: string): Promise<HttpsProxy>;
}

const EXAMPLE = 'donkey.example.org';

const has = (program: string, ...given: string[]): boolean => spawnSync(program, given).status === 0;

/** Runs a proxy until it is disposed of; it is up when `isUp` says so. */
async function run(
  folder: string,
  program: string,
  given: readonly string[],
  isUp: () => string | undefined,
): Promise<HttpsProxy> {
  const child = spawn(program, given, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true });
  };
  try {
    const certificate = await waitFor(
      () => {
        if (child.exitCode !== null) throw new Error(`${program} ended: ${said}`);
        return isUp();
      },
      { description: program },
    );
    return { certificate, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const fileText = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

export const nginx: ProxyKind = {
  name: 'nginx',
  missing: has('nginx', '-v') ? false : 'there is no nginx: on Debian it is in the package nginx-light',
  start: (port, upstream) => {
    const folder = mkdtempSync(join(tmpdir(), 'donkey-nginx-'));
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const server = readFileSync('ops/proxy/nginx.conf', 'utf8')
      .replace(/server \{\s+listen 80;[^}]+\}/, '')
      .replace(/^\s+listen \[::\].*$/gm, '')
      .replace('listen 443', `listen 127.0.0.1:${port}`)
      .replace('server 127.0.0.1:3000', `server ${upstream}`)
      .replace(/ssl_certificate .*;/, `ssl_certificate ${certificate};`)
      .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${key};`)
      .replaceAll(EXAMPLE, 'localhost')
      .replace('$host;', '$http_host;');
    const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
    const temporary = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join('\n');
    const log = join(folder, 'error.log');
    writeFileSync(
      join(folder, 'main.conf'),
      `daemon off;\npid ${join(folder, 'pid')};\nerror_log ${log};\nevents {}\nhttp {\naccess_log off;\n${temporary}\n${server}\n}\n`,
    );
    execFileSync('nginx', ['-t', '-q', '-c', join(folder, 'main.conf'), '-e', log], { stdio: 'pipe' });
    return run(folder, 'nginx', ['-c', join(folder, 'main.conf'), '-e', log], () =>
      fileText(join(folder, 'pid')) === undefined ? undefined : fileText(certificate),
    );
  },
};

export const caddy: ProxyKind = {
  name: 'Caddy',
  missing: has('caddy', 'version') ? false : 'there is no caddy: on Debian it is in the package caddy',
  start: async (port, upstream) => {
    const folder = mkdtempSync(join(tmpdir(), 'donkey-caddy-'));
    const file = join(folder, 'Caddyfile');
    const admin = await freePort(port + 1);
    const text = readFileSync('ops/proxy/Caddyfile', 'utf8')
      .replaceAll(/\{\$DOMAIN:[^}]+\}/g, `localhost:${port}`)
      .replaceAll(/\{\$UPSTREAM:[^}]+\}/g, upstream)
      .replace(
        'skip_install_trust',
        `skip_install_trust\n\tauto_https disable_redirects\n\tadmin 127.0.0.1:${admin}`,
      );
    writeFileSync(file, text);
    return run(folder, 'caddy', ['run', '--config', file, '--adapter', 'caddyfile'], () =>
      fileText(join(folder, 'caddy/certificates/local/localhost/localhost.crt')) === undefined
        ? undefined
        : fileText(join(folder, 'caddy/pki/authorities/local/root.crt')),
    );
  },
};
