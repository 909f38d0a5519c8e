import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { FAULT_KINDS, makeChaosPlan } from '#tests/support/chaos/plan.ts';
import { passed, printReport } from '#tests/support/chaos/print-report.ts';
import { runChaos } from '#tests/support/chaos/run-chaos.ts';
import { startOwnServices } from '#tests/support/own-services.ts';

const USAGE = `Usage: npm run test:chaos -- [--seed N] [--minutes M] [--documents N]

Takes documents in while processes, servers and provider are killed, paused and broken at random, and proves that none
was lost and nothing was done twice.

  --seed N        repeats the faults and documents of an earlier run, whose seed it printed
  --minutes M     length of all, 1 to 10; 6 by default
  --documents N   documents; 300 by default
`;

const MAX_MINUTES = 10;
const WORKERS = 3;
const OWNERS = 6;
const FAULTS_PER_MINUTE = 10;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(randomInt(2 ** 31)) },
      minutes: { type: 'string', default: '6' },
      documents: { type: 'string', default: '300' },
      help: { type: 'boolean', default: false },
    },
  });
  const [seed, minutes, documents] = [Number(values.seed), Number(values.minutes), Number(values.documents)];
  const bad = ![seed, documents].every(Number.isSafeInteger) || !(minutes >= 1 && minutes <= MAX_MINUTES);
  if (values.help || bad || documents < 1) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  console.log(
    `seed ${seed}: repeat this run with npm run test:chaos -- --seed ${seed} --minutes ${minutes} --documents ${documents}`,
  );
  await using services = await startOwnServices();
  if (services === undefined) {
    console.error(
      'PostgreSQL with pgvector and redis-server must be installed on this host: they are killed.',
    );
    return 1;
  }
  // Half of the time is for faults; what is left by then, and the calm run, have the other half.
  const spanMs = minutes * 30_000;
  const faults = Math.max(FAULT_KINDS.length, Math.round((spanMs / 60_000) * FAULTS_PER_MINUTE));
  const plan = await makeChaosPlan({ seed, documents, faults, spanMs, owners: OWNERS, workers: WORKERS });
  const report = await runChaos({
    plan,
    services,
    workers: WORKERS,
    owners: OWNERS,
    patienceMs: spanMs * 1.5,
    compare: true,
    onFault: (line) => console.log(line),
  });
  for (const line of printReport(report)) console.log(line);
  return passed(report) ? 0 : 1;
}

process.exitCode = await main();
