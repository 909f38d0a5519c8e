import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createLogLevel, debugOnSignal } from '#shared/logging/log-level.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { waitFor } from '#tests/support/wait-for.ts';

// Node's runner has its test processes write a report into the working directory at this signal.
process.report.reportOnSignal = false;

function parts() {
  const lines: string[] = [];
  const level = createLogLevel('warn');
  const logger = createLogger({ level, service: 'test' }, { write: (line) => void lines.push(line) });
  return { level, logger, child: logger.child({ job_id: 'made before' }), lines };
}

const becomes = (level: { readonly name: string }, name: string) =>
  waitFor(() => level.name === name, { description: `the level ${name}` });

test('SIGUSR2 has a process and the loggers it has made log from debug on, and once more ends it', async () => {
  const { level, logger, child, lines } = parts();
  using _look = debugOnSignal({ level, logger, minutes: 1 });
  child.debug('before');
  process.emit('SIGUSR2', 'SIGUSR2');
  await becomes(level, 'debug');
  child.debug('during');
  process.emit('SIGUSR2', 'SIGUSR2');
  await becomes(level, 'warn');
  child.debug('after');
  child.warn('always');
  assert.deepEqual(
    lines.map((line) => [JSON.parse(line).msg, JSON.parse(line).log_level]),
    [
      ['the log level has changed', 'debug'],
      ['during', undefined],
      ['the log level has changed', 'warn'],
      ['always', undefined],
    ],
  );
});

test('it ends by itself', () => {
  const { level, logger } = parts();
  mock.timers.enable({ apis: ['setTimeout'] });
  try {
    using _look = debugOnSignal({ level, logger, minutes: 2 });
    process.emit('SIGUSR2', 'SIGUSR2');
    mock.timers.tick(119_999);
    assert.equal(level.name, 'debug');
    mock.timers.tick(1);
    assert.equal(level.name, 'warn');
  } finally {
    mock.timers.reset();
  }
});
