import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { startBenchStage } from './bench-stage.ts';
import { describeCommit, describeMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { textTable, writeReport } from './report.ts';
import { findRegressions, isMet, mergeRun } from './results.ts';
import type { Regression, StoredResults } from './results.ts';
import { SuiteSkipped } from './suite.ts';
import type { BenchContext, BenchMode, BenchSuite, Figure, SuiteResult } from './suite.ts';
import { suites } from './suites.ts';

/**
 * Runs the benchmarks, on the servers that `scripts/bench.sh` has started:
 *
 *   npm run bench [-- --quick | --full] [--compare] [--only NAME]...
 *
 * The exit code is 1 when a suite fails, a bar is missed, or with `--compare` a ratio is worse than the stored one.
 */
const root = join(import.meta.dirname, '../..');
const documentFile = join(root, 'docs/benchmarks.md');
const plotFolder = join(root, 'docs/benchmarks');
const resultsFile = join(plotFolder, 'results.json');
const localFolder = join(root, '.local/bench');
const dataFolder = join(root, '../shared/data');

interface Stored {
  readonly machine: Machine;
  readonly suites: StoredResults;
}

interface Options {
  readonly mode: BenchMode;
  readonly compare: boolean;
  readonly chosen: readonly BenchSuite[];
}

/** What went wrong, a line each. */
type Faults = string[];

async function main(): Promise<void> {
  const { mode, compare, chosen } = readOptions();
  const stored = readStored();
  const [machine, commit, date] = [await describeMachine(), describeCommit(), today()];
  for (const [name, value] of Object.entries(machine)) console.log(`${name.padEnd(12)} ${value}`);
  let results: StoredResults = stored?.suites ?? {};
  const faults: Faults = [];
  let isWritten = false;
  for (const suite of chosen) {
    const result = await runSuite(suite, mode, faults);
    if (result === undefined) continue;
    console.log(`\n${textTable(result.figures)}`);
    faults.push(...missedBars(suite.name, result.figures));
    if (compare)
      faults.push(...findRegressions(stored?.suites ?? {}, suite.name, result.figures).map(worseLine));
    // The quick form is for a look, and a comparison has its measure in what is stored.
    if (mode === 'quick' || compare) continue;
    results = mergeRun(results, suite.name, { ...result, title: suite.title, date, mode, commit });
    await store({ machine, suites: inOrder(results) });
    isWritten = true;
  }
  conclude(faults, isWritten);
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      compare: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
    },
  });
  const { quick, full, compare, only } = values;
  if (quick && full) throw new Error('--quick and --full are two things');
  const unknown = only.filter((name) => suites.every((suite) => suite.name !== name));
  const names = suites.map(({ name }) => name).join(', ');
  if (unknown.length > 0) throw new Error(`there is no suite ${unknown.join(', ')}; there are ${names}`);
  if (compare && readStored() === undefined)
    throw new Error('nothing is stored to compare with: run npm run bench first');
  return {
    mode: quick ? 'quick' : full ? 'full' : 'default',
    compare,
    chosen: suites.filter(({ name }) => only.length === 0 || only.includes(name)),
  };
}

async function runSuite(
  suite: BenchSuite,
  mode: BenchMode,
  faults: Faults,
): Promise<SuiteResult | undefined> {
  const started = performance.now();
  console.log(`\n== ${suite.name}: ${suite.title}`);
  const scratch = join(localFolder, 'scratch', suite.name);
  const kept = join(localFolder, 'kept', suite.name);
  rmSync(scratch, { recursive: true, force: true });
  for (const folder of [scratch, kept]) mkdirSync(folder, { recursive: true });
  const context: BenchContext = {
    mode,
    scratch,
    kept,
    data: existsSync(dataFolder) ? dataFolder : undefined,
    log: (line) => console.log(`   ${seconds(started)}  ${line}`),
    startStage: startBenchStage,
  };
  try {
    const result = await suite.run(context);
    context.log('done');
    return result;
  } catch (error) {
    if (error instanceof SuiteSkipped) console.log(`   skipped: ${error.message}`);
    else {
      console.error(error);
      faults.push(`${suite.name} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return undefined;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

const missedBars = (suite: string, figures: readonly Figure[]): string[] =>
  figures.filter((one) => isMet(one) === false).map(({ name }) => `${suite}: ${name} misses its bar`);

const worseLine = ({ suite, name, before, now, tolerance }: Regression): string =>
  `${suite}: the ratio of ${name} was ${before.toFixed(3)} and is ${now.toFixed(3)} (${tolerance * 100} % are allowed)`;

function readStored(): Stored | undefined {
  return existsSync(resultsFile) ? (JSON.parse(readFileSync(resultsFile, 'utf8')) as Stored) : undefined;
}

const inOrder = (results: StoredResults): StoredResults =>
  Object.fromEntries(
    suites.flatMap(({ name }) => {
      const one = results[name];
      return one === undefined ? [] : [[name, one] as const];
    }),
  );

async function store({ machine, suites: results }: Stored): Promise<void> {
  const { markdown, plots } = writeReport(results, machine);
  rmSync(plotFolder, { recursive: true, force: true });
  mkdirSync(plotFolder, { recursive: true });
  for (const [file, svg] of plots) writeFileSync(join(plotFolder, file), svg);
  await writeFormatted(documentFile, markdown);
  await writeFormatted(resultsFile, JSON.stringify({ machine, suites: results }));
}

async function writeFormatted(file: string, text: string): Promise<void> {
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}

function conclude(faults: readonly string[], isWritten: boolean): void {
  console.log('');
  for (const fault of faults) console.log(`      ${fault}`);
  if (isWritten) console.log('      written: docs/benchmarks.md, docs/benchmarks/');
  console.log(faults.length === 0 ? 'benchmarks: every bar was met' : `benchmarks: ${faults.length} faults`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}

const today = (): string => new Date().toISOString().slice(0, 10);

const seconds = (started: number): string =>
  `${((performance.now() - started) / 1000).toFixed(1).padStart(7)} s`;

await main();
