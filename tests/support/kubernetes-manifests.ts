import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import typescript from 'typescript';
import { parseAllDocuments } from 'yaml';

export interface Labels {
  readonly [name: string]: string;
}

export interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values?: readonly string[];
  }[];
}

/** What the tests look at of a container. */
export interface Container {
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

export interface Pod {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly automountServiceAccountToken?: boolean;
    readonly terminationGracePeriodSeconds?: number;
    readonly securityContext?: {
      readonly runAsNonRoot?: boolean;
      readonly runAsUser?: number;
      readonly seccompProfile?: { readonly type: string };
    };
    readonly containers: readonly Container[];
    readonly topologySpreadConstraints?: readonly unknown[];
  };
}

/** A manifest; the shape of `spec` follows from `kind`, and is checked elsewhere. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly spec?: any;
  readonly data?: Labels;
  readonly stringData?: Labels;
}

const FOLDER = 'ops/kubernetes';

export const manifestsOf = (text: string): Manifest[] =>
  parseAllDocuments(text).map((document) => document.toJS() as Manifest);

/** Every manifest in ops/kubernetes by its file; those of kustomize itself are left out. */
export function readManifests(): Map<string, Manifest[]> {
  const files = globSync(`${FOLDER}/**/*.yaml`).filter((file) => !file.endsWith('kustomization.yaml'));
  return new Map(files.sort().map((file) => [file, manifestsOf(readFileSync(file, 'utf8'))]));
}

/** What kubectl makes of a folder of ops/kubernetes. */
export function kustomize(folder: string): Manifest[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', join(FOLDER, folder)], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return manifestsOf(stdout);
}

/** Why there is no kustomize here, or false. */
export const kubectlMissing: string | false =
  spawnSync('kubectl', ['kustomize', '--help']).status === 0
    ? false
    : 'there is no kubectl with kustomize: on Debian it is in the package kubernetes-client';

/** Where the types and schemas of a kind are. */
export function packageOf(apiVersion: string): string {
  if (apiVersion.startsWith('keda.sh/')) return `@kubernetes-models/keda/${apiVersion}`;
  if (apiVersion.startsWith('monitoring.coreos.com/'))
    return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  return `kubernetes-models/${apiVersion}`;
}

/**
 * Faults of manifests that the schemas do not see: they let names through that they do not know, as Kubernetes itself
 * does. The types do not.
 */
export function typeFaults(manifests: readonly Manifest[]): string[] {
  const file = join(process.cwd(), 'manifests-under-test.ts');
  const text = manifests
    .map((manifest, index) => {
      const type = `import('${packageOf(manifest.apiVersion)}').I${manifest.kind}`;
      return `export const m${index}: ${type} = ${JSON.stringify(manifest)};`;
    })
    .join('\n');
  const options: typescript.CompilerOptions = {
    module: typescript.ModuleKind.NodeNext,
    moduleResolution: typescript.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = typescript.createCompilerHost(options);
  const ordinary = { ...host };
  host.fileExists = (name) => name === file || ordinary.fileExists(name);
  host.readFile = (name) => (name === file ? text : ordinary.readFile(name));
  host.getSourceFile = (name, language, ...more) =>
    name === file
      ? typescript.createSourceFile(name, text, language)
      : ordinary.getSourceFile(name, language, ...more);
  const program = typescript.createProgram([file], options, host);
  return typescript
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => typescript.flattenDiagnosticMessageText(messageText, ' '));
}

/** Whether a selector chooses what has these labels; an empty one chooses everything. */
export function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(
      ({ key, operator, values = [] }) => operator === 'In' && values.includes(labels[key] ?? ''),
    )
  );
}
