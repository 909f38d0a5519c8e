import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startOwnServices } from '#tests/support/own-services.ts';
import { faultsOfCalm, faultsOfFaulty, printSoakReport } from '#tests/support/soak/print-soak-report.ts';
import { runSoak } from '#tests/support/soak/run-soak.ts';
import { STEADY } from '#tests/support/soak/steadiness.ts';

const USAGE = `Usage: npm run test:soak -- [--minutes M] [--rate R] [--seed N]

Sends a steady mixed load to two instances of the API behind a load balancer, with two workers: first in peace, when no
request may fail and neither memory nor times may grow, then through every planned fault.

  --minutes M   length of all, 2 to 120; 10 by default. Six tenths are peace
  --rate R      requests a second; 60 by default
  --seed N      repeats the requests of an earlier run, whose seed it printed
`;

const PEACE = 0.6;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(randomInt(2 ** 20)) },
      minutes: { type: 'string', default: '10' },
      rate: { type: 'string', default: '60' },
      help: { type: 'boolean', default: false },
    },
  });
  const [seed, minutes, rate] = [Number(values.seed), Number(values.minutes), Number(values.rate)];
  const bad = !Number.isSafeInteger(seed) || !(minutes >= 2 && minutes <= 120) || !(rate >= 1);
  if (values.help || bad) {
    process.stdout.write(USAGE);
    return values.help ? 0 : 2;
  }
  console.log(
    `seed ${seed}: repeat this run with npm run test:soak -- --seed ${seed} --minutes ${minutes} --rate ${rate}`,
  );
  await using services = await startOwnServices();
  if (services === undefined) {
    console.error(
      'PostgreSQL with pgvector and redis-server must be installed on this host: they are killed.',
    );
    return 1;
  }
  const began = performance.now();
  const report = await runSoak({
    services,
    seed,
    perSecond: rate,
    calmSeconds: minutes * 60 * PEACE,
    faultySeconds: minutes * 60 * (1 - PEACE),
    rounds: 1,
    onLine: (line) =>
      console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`),
  });
  for (const line of printSoakReport(report)) console.log(line);
  const faults = [...faultsOfCalm(report, STEADY), ...faultsOfFaulty(report, 1)];
  for (const fault of faults) console.log(`FAILED: ${fault}`);
  console.log(faults.length === 0 ? 'passed' : 'failed');
  return faults.length === 0 ? 0 : 1;
}

process.exitCode = await main();
