import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMet } from '#scripts/bench/results.ts';
import type { StoredResults } from '#scripts/bench/results.ts';

/** A suite of the benchmarks as it was measured last. */
export interface BenchmarkAge {
  readonly suite: string;
  readonly date: string;
  readonly days: number;
  readonly commit: string;
  readonly figures: number;
  /** Figures that miss what is demanded of them. */
  readonly missed: readonly string[];
}

/** How far what is kept beside the code still tells the truth. */
export interface ProjectReport {
  readonly benchmarks: readonly BenchmarkAge[] | string;
  /** Generated documents that are out of step with the code. */
  readonly staleGenerated: readonly string[] | string;
}

const DAY_MS = 86_400_000;

/** @param folder the root of the project; a container of the product has only a part of it */
export function projectReport(folder: string, now: Date): ProjectReport {
  return {
    benchmarks: benchmarkAges(join(folder, 'docs/benchmarks/results.json'), now),
    staleGenerated: staleGenerated(folder),
  };
}

/** Asks a process: what makes the documents is no part of the image. */
function staleGenerated(folder: string): readonly string[] | string {
  const script = join(folder, 'scripts/generate-docs.ts');
  if (!existsSync(script) || !existsSync(join(folder, 'docs')))
    return 'the documents are not part of this installation';
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' });
  if (status === 0) return [];
  const stale = [...stderr.matchAll(/^(\S+) is out of step/gm)].map(([, path = '']) => path);
  return stale.length > 0 ? stale : `unknown: ${stderr.trim().split('\n').at(-1) ?? ''}`;
}

function benchmarkAges(file: string, now: Date): readonly BenchmarkAge[] | string {
  if (!existsSync(file)) return 'no run is stored in this installation: npm run bench makes one';
  const { suites } = JSON.parse(readFileSync(file, 'utf8')) as { readonly suites: StoredResults };
  return Object.entries(suites).map(([suite, { date, commit, figures }]) => ({
    suite,
    date,
    days: Math.floor((now.getTime() - new Date(date).getTime()) / DAY_MS),
    commit,
    figures: figures.length,
    missed: figures.filter((figure) => isMet(figure) === false).map(({ name }) => name),
  }));
}
