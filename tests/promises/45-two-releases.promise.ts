import assert from 'node:assert/strict';
import { test } from 'node:test';
import { takeEarlierRelease } from '#tests/support/earlier-release.ts';
import { serveByTwoReleases } from '#tests/support/two-releases.ts';

test('promise 45: old and new code side by side, on a database that is migrated under load, and back again', async (t) => {
  const earlier = await takeEarlierRelease();
  if (typeof earlier === 'string') {
    t.skip(earlier);
    return;
  }
  await using _ = earlier;
  const { requests, again, jobs, migrated, failures } = await serveByTwoReleases(earlier, 60);
  t.diagnostic(
    `${earlier.name.slice(0, 12)}, ${migrated} migrations back: ${failures.length} of ${requests} requests failed, ${again} were asked again, ${jobs} jobs done`,
  );
  assert.deepEqual(failures, []);
  assert.equal(migrated, earlier.missing.length);
});
