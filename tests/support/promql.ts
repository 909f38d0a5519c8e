import { createMetrics } from '#shared/metrics/metrics.ts';

/** What the processes tell: names of series, histograms with their parts, and the labels of each. */
export async function knownSeries(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { registry } = createMetrics('test');
  const known = new Map<string, readonly string[]>();
  for (const { name, type } of await registry.getMetricsAsJSON()) {
    const { labelNames = [] } = registry.getSingleMetric(name) as unknown as { labelNames?: string[] };
    const isHistogram = String(type) === 'histogram';
    for (const suffix of isHistogram ? ['_bucket', '_sum', '_count'] : [''])
      known.set(name + suffix, suffix === '_bucket' ? [...labelNames, 'le'] : labelNames);
  }
  return known;
}

/** Labels that every series has: of the process, and of where it was asked. */
export const COMMON_LABELS = ['service', 'job', 'instance'];

export interface Selected {
  readonly name: string;
  readonly labels: readonly string[];
}

const KEYWORDS = new Set(['by', 'without', 'and', 'or', 'unless', 'on', 'ignoring', 'bool', 'offset']);

/** The series that an expression of PromQL asks for, each with the labels that it selects by. */
export function selectorsOf(expr: string): Selected[] {
  // Texts may hold anything; what they say does not matter here.
  const plain = expr
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
    .replaceAll(/\b(?:by|without|on|ignoring) \([^)]*\)/g, ' ')
    .replaceAll(/\[[^\]]*\]/g, ' ');
  return [...plain.matchAll(/([a-zA-Z_:][\w:]*)(\s*\(|\{([^}]*)\})?/g)]
    .filter(([, name, after]) => !KEYWORDS.has(name!) && after?.trim() !== '(')
    .map(([, name, , inside = '']) => ({
      name: name!,
      labels: [...inside.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label]) => label!),
    }))
    .filter(({ name }) => !inBraces(plain, name));
}

/** Whether a word only stands between braces, where it is the name of a label. */
const inBraces = (expr: string, name: string): boolean =>
  !new RegExp(`(?<![\\w:])${name}(?![\\w:])`).test(expr.replaceAll(/\{[^}]*\}/g, '{}'));

/** The labels by which an expression groups. */
export const groupingsOf = (expr: string): string[] => [
  ...new Set([...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, labels]) => labels!.split(/,\s*/))),
];

/** What is wrong with an expression: series or labels that no process tells. */
export function faultsOf(
  expr: string,
  known: ReadonlyMap<string, readonly string[]>,
  elsewhere: (name: string) => boolean,
): string[] {
  const selected = selectorsOf(expr).filter(({ name }) => !elsewhere(name));
  const unknown = selected.filter(({ name }) => !known.has(name)).map(({ name }) => `no series ${name}`);
  const labels = selected.flatMap(({ name, labels: by }) =>
    by
      .filter((label) => ![...COMMON_LABELS, ...(known.get(name) ?? [])].includes(label))
      .map((label) => `${name} has no label ${label}`),
  );
  const all = [...COMMON_LABELS, ...selected.flatMap(({ name }) => known.get(name) ?? [])];
  const groups =
    selected.length === 0
      ? []
      : groupingsOf(expr)
          .filter((label) => !all.includes(label))
          .map((label) => `nothing has a label ${label}`);
  return [...unknown, ...labels, ...groups];
}

/** The selectors of an expression as they stand in it, such as `up{job="api"}`. */
export const selectionsOf = (expr: string): string[] => [
  ...new Set(
    selectorsOf(expr).flatMap(({ name }) =>
      [...expr.matchAll(new RegExp(`(?<![\\w:])${name}(?![\\w:])(\\{[^}]*\\})?`, 'g'))].map(
        ([found]) => found,
      ),
    ),
  ),
];
