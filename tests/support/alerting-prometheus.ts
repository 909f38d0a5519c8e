import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '#scripts/services/free-port.ts';
import { waitFor } from './wait-for.ts';

/** A real Prometheus with the alert rules of this project, which scrapes what a test has started. */
export interface AlertingPrometheus extends AsyncDisposable {
  /** Names of the alerts that fire now. */
  firing(): Promise<string[]>;
}

const RULES = fileURLToPath(new URL('../../ops/prometheus/alerts.yml', import.meta.url));
const FIRST_PORT = 33_000;

/** Why there is none here; undefined where there is. */
export const prometheusMissing = (): string | undefined =>
  spawnSync('prometheus', ['--version']).status === 0 ? undefined : 'prometheus is not on the path';

/** @param targets host and port of metrics by the name of the job that scrapes them */
export async function startAlertingPrometheus(
  targets: Readonly<Record<string, string>>,
): Promise<AlertingPrometheus> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'donkey-prometheus-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  await copyFile(RULES, join(folder, 'alerts.yml'));
  const config = {
    global: { scrape_interval: '5s', evaluation_interval: '5s' },
    rule_files: ['alerts.yml'],
    scrape_configs: Object.entries(targets).map(([job_name, target]) => ({
      job_name,
      static_configs: [{ targets: [target] }],
    })),
  };
  // JSON is YAML as well.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const url = `http://127.0.0.1:${await freePort(FIRST_PORT)}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    { stdio: 'ignore', cwd: folder },
  );
  const ended = once(child, 'exit');
  stack.defer(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const isReady = (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
  await waitFor(isReady, { description: 'Prometheus', timeoutMs: 60_000 });
  const owned = stack.move();
  return {
    firing: async () => {
      const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
        data: { alerts: { state: string; labels: { alertname: string } }[] };
      };
      return data.alerts.filter(({ state }) => state === 'firing').map(({ labels }) => labels.alertname);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
