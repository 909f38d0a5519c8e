import { execFile } from 'node:child_process';

/** A package that has a newer version. */
export interface Outdated {
  readonly name: string;
  readonly current: string;
  readonly latest: string;
  /** Whether only a new major version is newer: it may need changes. */
  readonly isMajor: boolean;
}

/** A known weakness of a package that is installed. */
export interface Vulnerable {
  readonly name: string;
  readonly severity: string;
  readonly titles: readonly string[];
  readonly fix: string;
}

/** What the registry knows of the installed packages; a text says why there is no answer. */
export interface DependencyReport {
  readonly outdated: readonly Outdated[] | string;
  readonly vulnerable: readonly Vulnerable[] | string;
}

/** Runs npm with these arguments and returns what it prints, whatever its exit code: npm tells by it what it has found. */
export type RunNpm = (args: readonly string[]) => Promise<string>;

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** @param folder where package.json is */
export const npmIn =
  (folder: string): RunNpm =>
  (args) =>
    new Promise((resolve, reject) => {
      const options = { cwd: folder, timeout: TIMEOUT_MS, maxBuffer: MAX_BYTES };
      execFile('npm', [...args], options, (error, stdout) => {
        if (stdout.trim() === '' && error !== null) reject(new Error(failureOf(error)));
        else resolve(stdout);
      });
    });

function failureOf(error: Error & { readonly killed?: boolean; readonly code?: unknown }): string {
  if (error.code === 'ENOENT') return 'npm is not on the path';
  return error.killed === true
    ? `npm had no answer within ${TIMEOUT_MS / 1000} s`
    : 'npm failed without a word';
}

/** Asks the registry about all packages; one that cannot be reached costs only this part of a report. */
export async function dependencyReport(run: RunNpm): Promise<DependencyReport> {
  const [outdated, vulnerable] = await Promise.all([
    run(['outdated', '--json']).then(readOutdated).catch(inWords),
    run(['audit', '--json']).then(readAudit).catch(inWords),
  ]);
  return { outdated, vulnerable };
}

const inWords = (error: unknown): string => `unknown: ${(error as Error).message}`;

/** npm answers one package, or a list where several depend on it. */
type OutdatedAnswer = Readonly<
  Record<string, OutdatedEntry | readonly OutdatedEntry[]> & { readonly error?: NpmFault }
>;
interface OutdatedEntry {
  readonly current?: string;
  readonly latest?: string;
}
interface NpmFault {
  readonly summary?: string;
  readonly code?: string;
}

function readOutdated(text: string): Outdated[] {
  const answer = JSON.parse(text === '' ? '{}' : text) as OutdatedAnswer;
  if (answer.error?.code !== undefined)
    throw new Error(answer.error.summary ?? `npm says ${answer.error.code}`);
  return Object.entries(answer)
    .flatMap(([name, entry]) => {
      const { current, latest } = [entry].flat()[0] as OutdatedEntry;
      if (current === undefined || latest === undefined || !isNewer(latest, current)) return [];
      return [{ name, current, latest, isMajor: majorOf(latest) > majorOf(current) }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const numbersOf = (version: string): number[] => version.split(/[.-]/).slice(0, 3).map(Number);
const majorOf = (version: string): number => numbersOf(version)[0] ?? 0;

/** What a registry calls latest may be older than what is installed. */
function isNewer(one: string, other: string): boolean {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  const index = a.findIndex((part, place) => part !== b[place]);
  return index !== -1 && (a[index] ?? 0) > (b[index] ?? 0);
}

interface AuditAnswer {
  readonly message?: string;
  readonly vulnerabilities?: Readonly<
    Record<
      string,
      {
        readonly severity: string;
        readonly via: readonly (string | { readonly title: string })[];
        readonly fixAvailable: boolean | { readonly name: string; readonly version: string };
      }
    >
  >;
}

const SEVERITIES = ['critical', 'high', 'moderate', 'low', 'info'];

function readAudit(text: string): Vulnerable[] {
  const { message, vulnerabilities } = JSON.parse(text) as AuditAnswer;
  if (vulnerabilities === undefined) throw new Error(message ?? 'npm audit had no answer');
  return Object.entries(vulnerabilities)
    .map(([name, { severity, via, fixAvailable }]) => ({
      name,
      severity,
      titles: via.flatMap((one) => (typeof one === 'string' ? [`through ${one}`] : [one.title])),
      fix:
        typeof fixAvailable === 'object'
          ? `${fixAvailable.name} ${fixAvailable.version}`
          : fixAvailable
            ? 'npm audit fix'
            : 'none yet',
    }))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}
