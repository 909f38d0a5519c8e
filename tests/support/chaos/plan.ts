import { makeImageOnlyPdf, makePdf } from '../fixtures/pdf-files.ts';
import type { TestFile } from '../http-client.ts';
import { createRandom } from '../random.ts';
import type { Random } from '../random.ts';

/** What is done to an installation, and for how long: shortest and longest, in ms. */
export const faultKinds = {
  'worker killed': [0, 0],
  /** Beyond the lease of its jobs, which is `LEASE_MS`. */
  'worker paused beyond its lock': [2_500, 4_500],
  'API killed': [0, 0],
  'Redis killed, restarted with its data': [300, 3_000],
  'Redis killed, restarted without its data': [300, 3_000],
  'Redis emptied while it runs': [0, 0],
  'Redis frozen': [500, 4_000],
  'PostgreSQL restarted': [0, 1_000],
  'PostgreSQL killed': [300, 3_000],
  'provider fails': [500, 3_000],
  'provider hangs': [500, 3_000],
  'provider throttles': [500, 3_000],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

export type FaultKind = keyof typeof faultKinds;
export const FAULT_KINDS = Object.keys(faultKinds) as FaultKind[];

/** Of the installations that chaos is let loose on: short, so that a run sees many of them run out. */
export const LEASE_MS = 2_000;

export interface PlannedFault {
  readonly kind: FaultKind;
  /** From the start of the run. */
  readonly atMs: number;
  readonly forMs: number;
  /** Which of the workers, for those that hit one. */
  readonly victim: number;
}

export interface PlannedUpload {
  readonly atMs: number;
  /** Which of the users. */
  readonly owner: number;
  /** Unique in the run. */
  readonly title: string;
  readonly file: TestFile;
  readonly priority: 'high' | 'medium' | 'low';
}

/** All that happens in one run. */
export interface ChaosPlan {
  readonly seed: number;
  readonly faults: readonly PlannedFault[];
  readonly uploads: readonly PlannedUpload[];
}

export interface PlanOptions {
  readonly seed: number;
  readonly documents: number;
  /** Every kind comes up before any comes up again. */
  readonly faults: number;
  /** Time in which uploads and faults begin, in ms. */
  readonly spanMs: number;
  readonly owners: number;
  readonly workers: number;
  /** Kinds of faults; all of them by default. */
  readonly kinds?: readonly FaultKind[];
  /** Longest text, in paragraphs. */
  readonly paragraphs?: number;
  /** Only short texts, where their number is what counts. */
  readonly textsOnly?: boolean;
}

/** Lays out a run: the same options give the same faults and the same texts at the same times. */
export async function makeChaosPlan(options: PlanOptions): Promise<ChaosPlan> {
  const random = createRandom(options.seed);
  const faults = planFaults(options, random);
  const uploads: PlannedUpload[] = [];
  for (let number = 1; number <= options.documents; number++)
    uploads.push(await planUpload(number, options, random));
  return { seed: options.seed, faults, uploads };
}

function planFaults(options: PlanOptions, random: Random): PlannedFault[] {
  const pace = options.spanMs / (options.faults + 1);
  const kinds: FaultKind[] = [];
  while (kinds.length < options.faults) kinds.push(...random.shuffle(options.kinds ?? FAULT_KINDS));
  return kinds.slice(0, options.faults).map((kind, index) => ({
    kind,
    atMs: Math.round(pace * (index + 0.5 + random.next())),
    forMs: random.between(faultKinds[kind][0], faultKinds[kind][1]),
    victim: random.between(0, options.workers - 1),
  }));
}

const WORDS =
  'donkey stable hay meadow hill river bridge market carrot saddle winter morning basket mountain village road lantern wool miller grain'.split(
    ' ',
  );

function paragraph(random: Random, name: string): string {
  const words = Array.from({ length: random.between(20, 70) }, () => random.pick(WORDS));
  return `${name} tells of the ${words.join(' ')}.`;
}

async function planUpload(number: number, options: PlanOptions, random: Random): Promise<PlannedUpload> {
  const title = `Document ${number}`;
  const texts = Array.from({ length: random.between(1, options.paragraphs ?? 12) }, (_, index) =>
    paragraph(random, `${title}, part ${index + 1},`),
  );
  return {
    atMs: Math.round((options.spanMs * (number - 1 + random.next())) / options.documents),
    owner: random.between(0, options.owners - 1),
    title,
    file: await makeFile(number, texts, options.textsOnly === true),
    priority: random.pick(['high', 'medium', 'low']),
  };
}

/** One in twenty is a scan, which must fail and say so; one in six of the rest a PDF. */
async function makeFile(number: number, texts: readonly string[], textsOnly: boolean): Promise<TestFile> {
  if (!textsOnly && number % 20 === 10)
    return {
      name: `${number}.pdf`,
      bytes: Buffer.concat([await makeImageOnlyPdf(1), Buffer.from(`\n% ${number}`)]),
    };
  if (!textsOnly && number % 6 === 0)
    return { name: `${number}.pdf`, bytes: await makePdf({ pages: texts }) };
  return { name: `${number}.txt`, bytes: texts.join('\n\n') };
}
