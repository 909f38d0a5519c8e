import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from '#scripts/services/free-port.ts';
import { OPS, readYaml } from './monitoring-files.ts';
import type { PrometheusConfig } from './monitoring-files.ts';
import { waitFor } from './wait-for.ts';

/** One line of an answer: labels, and the value now. */
export interface QueryResult {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface RuleState {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** A Prometheus of a test's own on loopback; disposing ends it and deletes what it has stored. */
export interface OwnPrometheus extends AsyncDisposable {
  /** @throws Error when the expression cannot be evaluated */
  query(expr: string): Promise<QueryResult[]>;
  /** How each rule was evaluated last. */
  rules(): Promise<RuleState[]>;
  /** What it scrapes, by job: addresses that answer. */
  healthyTargets(): Promise<readonly { readonly job: string; readonly address: string }[]>;
}

/** Undefined where there is one, else how to get it. */
export const prometheusIsMissing: string | undefined =
  spawnSync('prometheus', ['--version']).status === 0
    ? undefined
    : 'there is no Prometheus: on Debian it is in the package prometheus';

/**
 * Starts it with the project's own configuration and rules. Different are only where the processes are found, and that it
 * looks every second.
 *
 * @param targets host and port by job
 */
export async function startPrometheus(
  targets: Readonly<Record<string, readonly string[]>>,
): Promise<OwnPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'donkey-prometheus-'));
  const port = await freePort(29_090 + (process.pid % 500));
  writeConfiguration(directory, port, targets);
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = once(child, 'close');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  const ask = async <T>(path: string): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
    const { data, error } = (await response.json()) as { data: T; error?: string };
    if (!response.ok) throw new Error(`${path}: ${error ?? response.status}`);
    return data;
  };
  const isReady = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  try {
    await waitFor(
      () => {
        if (child.exitCode !== null) throw new Error(`Prometheus has ended: ${said}`);
        return isReady();
      },
      { description: 'Prometheus' },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    query: async (expr) => {
      const { result } = await ask<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(
        `query?query=${encodeURIComponent(expr)}`,
      );
      return result.map(({ metric, value: [, text] }) => ({ metric, value: Number(text) }));
    },
    rules: async () =>
      (await ask<{ groups: { rules: RuleState[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
    healthyTargets: async () =>
      (
        await ask<{ activeTargets: { health: string; labels: { job: string; instance: string } }[] }>(
          'targets',
        )
      ).activeTargets
        .filter(({ health }) => health === 'up')
        .map(({ labels }) => ({ job: labels.job, address: labels.instance })),
    [Symbol.asyncDispose]: stop,
  };
}

function writeConfiguration(
  directory: string,
  port: number,
  targets: Readonly<Record<string, readonly string[]>>,
): void {
  const config = readYaml<PrometheusConfig>('prometheus/prometheus.yml');
  const own = {
    ...config,
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    scrape_configs: config.scrape_configs.map(({ dns_sd_configs, static_configs, ...job }) => ({
      ...job,
      ...(dns_sd_configs === undefined
        ? {}
        : { file_sd_configs: [{ files: [`targets/${job.job_name}*.yml`] }] }),
      ...(static_configs === undefined ? {} : { static_configs: [{ targets: [`127.0.0.1:${port}`] }] }),
    })),
  };
  mkdirSync(join(directory, 'targets'));
  copyFileSync(`${OPS}prometheus/alerts.yml`, join(directory, 'alerts.yml'));
  writeFileSync(join(directory, 'prometheus.yml'), stringify(own));
  for (const [job, addresses] of Object.entries(targets))
    writeFileSync(join(directory, 'targets', `${job}.yml`), stringify([{ targets: addresses }]));
}
