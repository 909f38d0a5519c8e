import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settings } from '#shared/config/settings.ts';
import { prometheusMissing, startAlertingPrometheus } from '#tests/support/alerting-prometheus.ts';
import { startStage } from '#tests/support/test-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const MOST_MS = 300_000;

test('promise 56: with settings as they come, a silent outage is warned of and calls somebody within 5 min', async (t) => {
  const missing = prometheusMissing();
  if (missing !== undefined) {
    t.skip(missing);
    return;
  }
  // As they come; the settings of tests have no canary at all.
  await using stage = await startStage({
    CANARY_INTERVAL_MS: settings.CANARY_INTERVAL_MS.fallback ?? '',
    CANARY_OVERDUE_MS: settings.CANARY_OVERDUE_MS.fallback ?? '',
  });
  const worker = await stage.startWorker();
  await using prometheus = await startAlertingPrometheus({ worker: new URL(worker.url).host });
  const found = () => stage.sql('select 1 from canary_runs where finished_at is not null and error is null');
  await waitFor(async () => (await found()).length > 0, { description: 'a canary', timeoutMs: 120_000 });
  const warned = async (): Promise<boolean> => {
    const { data } = (await (await fetch(`${stage.app.url}/health/ready`)).json()) as {
      data: { warnings: string[] };
    };
    return data.warnings.some((warning) => warning.includes('canary'));
  };
  assert.deepEqual([await warned(), await prometheus.firing()], [false, []]);
  // Jobs are stored and taken, nothing comes of them, and nothing fails.
  await stage.sql(`create function stand_still() returns trigger language plpgsql as $$ begin
    if new.type = 'document.chunk' then new.run_at := now() + interval '1 hour'; end if; return new; end $$`);
  await stage.sql(
    'create trigger stand_still before insert on jobs for each row execute function stand_still()',
  );
  const began = performance.now();
  const until = async (what: string, look: () => Promise<boolean>): Promise<number> => {
    await waitFor(look, { description: what, timeoutMs: MOST_MS + 60_000 });
    return performance.now() - began;
  };
  const [warnedMs, calledMs] = await Promise.all([
    until('readiness to warn', warned),
    until('the alert', async () => (await prometheus.firing()).includes('DonkeyCanaryMissing')),
  ]);
  t.diagnostic(
    `readiness warned after ${(warnedMs / 1000).toFixed(0)} s, the alert fired after ${(calledMs / 1000).toFixed(0)} s`,
  );
  assert.ok(warnedMs <= MOST_MS && calledMs <= MOST_MS, `${warnedMs} and ${calledMs} ms`);
});
