import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeEarlierRelease } from '#tests/support/earlier-release.ts';
import { serveByTwoReleases } from '#tests/support/two-releases.ts';

test('promise 45: an earlier release and this one serve side by side while the schema is migrated, and back', async (t) => {
  const earlier = await takeEarlierRelease();
  if (typeof earlier === 'string') {
    t.skip(earlier);
    return;
  }
  await using _ = earlier;
  const { requests, again, jobs, migrated, failures } = await serveByTwoReleases(earlier, 4);
  t.diagnostic(
    `${earlier.name.slice(0, 12)}, ${migrated} migrations back: ${failures.length} of ${requests} requests failed, ${again} were asked again, ${jobs} jobs done`,
  );
  assert.deepEqual(failures, []);
  assert.equal(migrated, earlier.missing.length);
  assert.ok(requests > 100 && jobs > 50, `${requests} requests, ${jobs} jobs`);
});
