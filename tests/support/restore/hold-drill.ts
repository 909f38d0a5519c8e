import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { totalRows } from '#scripts/backup/manifest.ts';
import { startOwnServices } from '../own-services.ts';
import { runDrill } from './run-drill.ts';
import type { DrillOptions } from './run-drill.ts';

/** Runs the drill and holds what came of it; skipped where the servers are not programs of this host. */
export async function holdDrill(t: TestContext, options: Omit<DrillOptions, 'services'>): Promise<void> {
  await using services = await startOwnServices();
  if (services === undefined) {
    t.skip('PostgreSQL and Redis run elsewhere and cannot be destroyed from here');
    return;
  }
  const report = await runDrill({ ...options, services });
  const { manifest, written, credentials, documents, search } = report;
  t.diagnostic(
    `written: ${written.documents} documents, ${written.credentials} credentials, ${written.messages} messages; ` +
      `backed up under load in ${report.backupSeconds.toFixed(1)} s, restored in ${report.restoreSeconds.toFixed(1)} s`,
  );
  t.diagnostic(
    `${totalRows(manifest)} rows in ${Object.keys(manifest.rows).length} tables, ${report.wrongCounts.length} tables with another count; ` +
      `${credentials.restored} credentials, ${credentials.unreadable.length} undecryptable`,
  );
  t.diagnostic(
    `${documents.restored} documents and ${report.openAtBackup} jobs that had not ended, all completed from an empty Redis; ` +
      `${search.found} of ${search.asked} sentences found first; a cookie of before: ${report.oldSession}`,
  );
  assert.deepEqual(report.loadFailures, [], 'the backup was in nobody’s way');
  assert.deepEqual(report.wrongCounts, []);
  assert.deepEqual([report.wronglyLost, report.wronglyThere], [[], []]);
  assert.ok(report.openAtBackup > 0, 'work was waiting in the backup');
  assert.ok(credentials.restored > 0);
  assert.equal(
    credentials.restored,
    manifest.keys_needed.reduce((sum, { secrets }) => sum + secrets, 0),
  );
  assert.deepEqual(credentials.unreadable, []);
  assert.ok(documents.restored >= options.documentsBefore);
  assert.ok(documents.restored < written.documents, 'what came after the backup is not there');
  assert.deepEqual(documents.notCompleted, []);
  assert.ok(search.asked >= Math.min(options.sample, options.documentsBefore));
  assert.equal(search.found, search.asked);
  assert.deepEqual(report.violations, []);
  assert.equal(report.pendingReplies, 0);
  assert.equal(report.oldSession, '401 auth.session_expired');
  assert.equal(report.newLogin, options.users, 'passwords are as they were');
  assert.match(report.said, /THE KEYS ARE NOT IN IT.*: test \(\d+ secrets\)/);
  assert.match(report.said, /RESTORED \d+ rows/);
}
