import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { createConfig } from '#shared/config/config.ts';
import { readEnv } from '#shared/config/env.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { settings } from '#shared/config/settings.ts';
import type { Setting } from '#shared/config/settings.ts';
import {
  kubectlMissing,
  kustomize,
  packageOf,
  readManifests,
  selects,
  typeFaults,
} from '#tests/support/kubernetes-manifests.ts';
import type { Labels, Manifest, Pod, Selector } from '#tests/support/kubernetes-manifests.ts';

const files = readManifests();
const all = [...files.values()].flat();
const secretNames = Object.entries<Setting>(settings)
  .filter(([, { secret }]) => secret === true)
  .map(([name]) => name);

/** Those of a kind. */
const ofKind = (kind: string, manifests = all): Manifest[] => manifests.filter((one) => one.kind === kind);

/** Everything that makes pods, by the name of the manifest. */
const workloads = (manifests = all): [string, Pod][] =>
  [...ofKind('Deployment', manifests), ...ofKind('Job', manifests)].map(({ metadata, spec }) => [
    metadata.name,
    spec.template as Pod,
  ]);

/** The literals of a generator of kustomize. */
function literals(folder: string, name: string): Labels {
  const { configMapGenerator } = parse(
    readFileSync(`ops/kubernetes/${folder}/kustomization.yaml`, 'utf8'),
  ) as {
    configMapGenerator: { name: string; literals: string[] }[];
  };
  const found = configMapGenerator.find((generator) => generator.name === name);
  return Object.fromEntries((found?.literals ?? []).map((line) => line.split(/=(.*)/s, 2)));
}

interface Validating {
  validate(): void;
}

async function assertValid(manifest: Manifest): Promise<void> {
  const kinds = (await import(packageOf(manifest.apiVersion))) as Record<
    string,
    new (data: Manifest) => Validating
  >;
  const Kind = kinds[manifest.kind];
  assert.ok(Kind, `${manifest.apiVersion} ${manifest.kind}`);
  assert.doesNotThrow(() => new Kind(manifest).validate(), `${manifest.kind} ${manifest.metadata.name}`);
}

suite('ops/kubernetes', () => {
  test('keeps to the schemas and types of Kubernetes, KEDA and the Prometheus Operator', async (t) => {
    for (const manifest of all) await assertValid(manifest);
    assert.deepEqual(typeFaults(all), []);
    const [api] = ofKind('Deployment');
    const misspelt = JSON.parse(JSON.stringify(api).replace('readinessProbe', 'readinesProbe')) as Manifest;
    assert.match(typeFaults([misspelt]).join(), /readinesProbe/);
    t.diagnostic(`${all.length} manifests in ${files.size} files`);
  });

  test('is put together by kustomize', { skip: kubectlMissing }, async (t) => {
    const made = kustomize('overlays/production');
    for (const manifest of made) await assertValid(manifest);
    assert.deepEqual(typeFaults(made), []);
    assert.ok(made.length > 20);
    const names = new Set(ofKind('ConfigMap', made).map(({ metadata }) => metadata.name));
    for (const [name, { spec }] of workloads(made))
      for (const { image, envFrom = [] } of spec.containers) {
        assert.match(image, /^registry\.example\.org\/donkey-workspace:\d+\.\d+\.\d+$/, name);
        assert.equal(envFrom.length, 2);
        for (const { configMapRef } of envFrom) assert.ok(names.has(configMapRef.name), configMapRef.name);
      }
    for (const { kind, metadata } of made)
      if (kind !== 'Namespace') assert.equal(metadata.namespace, 'donkey', `${kind} ${metadata.name}`);
    assert.ok(kustomize('base').length > 15);
    t.diagnostic(`${made.length} manifests`);
  });

  test('gives the product settings with which it starts in production', () => {
    const given = {
      ...literals('base', 'donkey-settings'),
      ...literals('overlays/production', 'donkey-settings'),
    };
    for (const name of Object.keys(given)) {
      assert.ok(name in settings, name);
      assert.ok(!secretNames.includes(name), `${name} is a secret`);
    }
    const [example] = files.get('ops/kubernetes/overlays/production/secrets.example.yaml')!;
    const filled: Labels = {
      auth_signing_keys: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'),
      credential_keys: `k1:${Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url')}`,
      csrf_secret: crypto.randomUUID(),
      admin_password: crypto.randomUUID(),
    };
    const secrets = Object.fromEntries(
      Object.entries(example?.stringData ?? {}).map(([key, value]) => [
        key.toUpperCase(),
        filled[key] ?? value,
      ]),
    );
    const config = createConfig(readEnv({ ...given, ...secrets }));
    assert.equal(config.environment, 'production');
    assert.equal(config.api.host, '0.0.0.0');
  });

  test('mounts every secret where its setting looks for it', () => {
    const [example] = files.get('ops/kubernetes/overlays/production/secrets.example.yaml')!;
    assert.deepEqual(
      Object.keys(example?.stringData ?? {}).sort(),
      secretNames.map((name) => name.toLowerCase()).sort(),
    );
    const paths = literals('base', 'donkey-secret-files');
    assert.deepEqual(
      paths,
      Object.fromEntries(
        secretNames.map((name) => [`${name}_FILE`, `/run/secrets/donkey/${name.toLowerCase()}`]),
      ),
    );
    for (const [name, { spec }] of workloads())
      assert.ok(
        spec.containers[0]?.volumeMounts?.some(({ mountPath }) => mountPath === '/run/secrets/donkey'),
        name,
      );
  });

  test('keeps pods to the strictest standard', () => {
    for (const [name, { spec }] of workloads()) {
      assert.equal(spec.automountServiceAccountToken, false, name);
      const { runAsNonRoot, runAsUser = 0, seccompProfile } = spec.securityContext ?? {};
      assert.deepEqual([runAsNonRoot, seccompProfile?.type], [true, 'RuntimeDefault'], name);
      assert.ok(runAsUser > 0, name);
      for (const { securityContext, resources = {} } of spec.containers) {
        assert.deepEqual(
          securityContext,
          {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          name,
        );
        assert.deepEqual(Object.keys(resources.requests ?? {}), ['cpu', 'memory'], name);
        assert.ok(resources.limits?.memory, name);
      }
    }
  });

  test('asks whether a process lives and whether it is ready, and gives it the time to end', () => {
    const notice = Number(literals('base', 'donkey-settings').SHUTDOWN_NOTICE_MS);
    const most = notice + Number(settings.SHUTDOWN_TIMEOUT_MS.fallback);
    for (const { metadata, spec } of ofKind('Deployment')) {
      const pod = spec.template as Pod;
      assert.ok((pod.spec.terminationGracePeriodSeconds ?? 30) * 1000 > most + 5000, metadata.name);
      assert.equal(pod.spec.topologySpreadConstraints?.length, 2, metadata.name);
      const [container] = pod.spec.containers;
      assert.equal(container?.startupProbe?.httpGet.path, '/health', metadata.name);
      assert.equal(container.livenessProbe?.httpGet.path, '/health', metadata.name);
      assert.equal(container.readinessProbe?.httpGet.path, '/health/ready', metadata.name);
      assert.equal(spec.replicas, undefined, `${metadata.name} is scaled by somebody else`);
    }
  });

  test('names what there is: ports, pods and metrics', () => {
    const pods = workloads();
    const chosen = (selector: Selector): Pod[] =>
      pods.map(([, pod]) => pod).filter(({ metadata }) => selects(selector, metadata.labels));
    const portsOf = ({ spec }: Pod): string[] => (spec.containers[0]?.ports ?? []).map(({ name }) => name);
    for (const { metadata, spec } of ofKind('Service')) {
      const [pod, ...more] = chosen({ matchLabels: spec.selector as Labels });
      assert.ok(pod && more.length === 0, metadata.name);
      for (const { targetPort } of spec.ports as { targetPort: string }[])
        assert.ok(portsOf(pod).includes(targetPort), `${metadata.name}: ${targetPort}`);
    }
    for (const one of [...ofKind('NetworkPolicy'), ...ofKind('PodDisruptionBudget')])
      assert.ok(
        chosen((one.spec.podSelector ?? one.spec.selector) as Selector).length > 0,
        one.metadata.name,
      );
    for (const { spec } of ofKind('ServiceMonitor'))
      assert.ok(
        ofKind('Service').some(({ metadata }) => selects(spec.selector as Selector, metadata.labels ?? {})),
      );
    const deployments = ofKind('Deployment').map(({ metadata }) => metadata.name);
    for (const { spec } of [...ofKind('HorizontalPodAutoscaler'), ...ofKind('ScaledObject')])
      assert.ok(deployments.includes(spec.scaleTargetRef.name as string));
    const [trigger] = ofKind('ScaledObject')[0]?.spec.triggers as { metadata: { query: string } }[];
    const { registry } = createMetrics('worker');
    const [metric = ''] = /donkey_\w+/.exec(trigger?.metadata.query ?? '') ?? [];
    assert.ok(registry.getSingleMetric(metric), metric);
  });

  test('lets nothing in or out but what a policy names', () => {
    const policies = ofKind('NetworkPolicy');
    const [closed] = policies.filter(({ metadata }) => metadata.name === 'nothing-else');
    assert.deepEqual(closed?.spec, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    for (const { metadata, spec } of policies)
      for (const rule of [...(spec.ingress ?? []), ...(spec.egress ?? [])] as Record<string, unknown[]>[]) {
        assert.ok((rule.from ?? rule.to ?? []).length > 0, `${metadata.name} says with whom`);
        assert.ok((rule.ports ?? []).length > 0, `${metadata.name} says by which ports`);
      }
    const reached = policies.filter(
      ({ spec }) =>
        spec.policyTypes.includes('Ingress') &&
        spec.ingress !== undefined &&
        selects(spec.podSelector as Selector, { 'app.kubernetes.io/name': 'donkey-migrate' }),
    );
    assert.deepEqual(reached, [], 'nobody speaks to the migrations');
  });
});
