import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Runs a script in a process of its own, for this one could not take its priority back. */
function run(script: string, before: readonly string[] = []): number[] {
  const [command, ...rest] = [...before, process.execPath, '--input-type=module', '--eval', script];
  const { stdout, stderr, status } = spawnSync(command, rest, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as number[];
}

const script = (nice: number): string => `
  import { readdirSync } from 'node:fs';
  import { getPriority } from 'node:os';
  import { spawnSync } from 'node:child_process';
  import { lowerPriority } from '${new URL('../../worker/lower-priority.ts', import.meta.url).href}';
  lowerPriority(${nice});
  const child = spawnSync(process.execPath, ['--print', 'require("node:os").getPriority()'], { encoding: 'utf8' });
  const threads = readdirSync('/proc/self/task').map((id) => getPriority(Number(id)));
  console.log(JSON.stringify([...threads, Number(child.stdout)]));`;

test('all threads of a worker, and the processes that it starts, yield to others', () => {
  const priorities = run(script(10));
  assert.ok(priorities.length > 3, 'there are threads besides the main one');
  assert.deepEqual([...new Set(priorities)], [10]);
});

test('one that was started with less priority still starts, and keeps it', () => {
  assert.deepEqual([...new Set(run(script(5), ['nice', '-n', '12']))], [12]);
});
