import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { asUnavailable } from '#db/database-errors.ts';
import { shared } from '#db/replica-state.ts';
import { createConfig } from '#shared/config/config.ts';
import { workerDatabase } from '#shared/config/database-config.ts';
import { holdLock } from '#tests/support/held-lock.ts';
import { makeIngest } from '#tests/support/make-job.ts';
import { readYourWrite } from '#tests/support/read-your-write.ts';
import { readsBy, replicaIs, startReplicaStage } from '#tests/support/replica-stage.ts';
import type { ReplicaStage } from '#tests/support/replica-stage.ts';
import { waitFor } from '#tests/support/wait-for.ts';

// One server for all of them: a copy of a cluster takes longer than the tests do.
test('a standby that streams', async (t) => {
  await using stage = await startReplicaStage();
  if (stage === undefined) {
    t.skip('PostgreSQL and Redis are not programs of this host');
    return;
  }

  await t.test('answers what users have made; the door and transactions are the primary’s', async () => {
    const { database, metrics } = stage.open();
    await using _ = database;
    await replicaIs('in', database);
    const { userId, document } = await makeIngest(stage.primary);
    await database.read.users.findCredentialsById(userId);
    assert.deepEqual(await readsBy(metrics), { replica: 0, primary: 0 });
    assert.equal((await database.read.documents.find(userId, document.id))?.id, document.id);
    assert.deepEqual(await readsBy(metrics), { replica: 1, primary: 0 });
    await database.transaction(async (tx) => {
      await tx.jobs.insert([{ userId, type: 'account.purge', payload: {} }]);
      assert.equal((await tx.read.documents.find(userId, document.id))?.id, document.id);
    });
    await database.unitOfWork(() => database.read.documents.find(userId, document.id));
    assert.deepEqual(await readsBy(metrics), { replica: 1, primary: 0 });
  });

  await t.test('that is behind is left out, and back when it has caught up', async () => {
    const { database, metrics } = stage.open();
    await using _ = database;
    await replicaIs('in', database);
    await stage.pause();
    const { userId, document } = await makeIngest(stage.primary);
    assert.equal((await database.read.documents.find(userId, document.id))?.id, document.id);
    assert.deepEqual(await readsBy(metrics), { replica: 0, primary: 1 });
    assert.match(database.replicaWarnings().join(), /^the replica 127\.0\.0\.1:\d+ is behind or away/);
    const text = await metrics.registry.metrics();
    assert.match(text, /donkey_database_replica_up\{replica="[^"]+",service="test"\} 0/);
    assert.match(text, /donkey_database_replica_lag_bytes\{replica="[^"]+",service="test"\} [1-9]/);
    assert.match(
      text,
      /donkey_database_replica_fallbacks_total\{replica="[^"]+",reason="late",service="test"\} 1/,
    );
    await stage.resume();
    await replicaIs('in', database);
    assert.equal((await database.read.documents.find(userId, document.id))?.id, document.id);
    assert.equal((await readsBy(metrics)).replica, 1);
  });

  await t.test('that dies costs no read, and is back after it was started again', async () => {
    const { database, metrics } = stage.open();
    await using _ = database;
    await replicaIs('in', database);
    const { userId, document } = await makeIngest(stage.primary);
    const read = () => database.read.documents.find(userId, document.id);
    await read();
    const reads = Array.from({ length: 40 }, async (_, number) => {
      if (number === 20) await stage.standby.stop();
      return read();
    });
    assert.ok((await Promise.all(reads)).every((found) => found?.id === document.id));
    await replicaIs('out', database);
    assert.equal((await read())?.id, document.id);
    await stage.standby.start();
    await replicaIs('in', database);
    const before = await readsBy(metrics);
    await read();
    assert.equal((await readsBy(metrics)).replica, before.replica + 1);
  });

  await t.test(
    'is a standby: a primary named as one is never read from, and a worker reads from none',
    async () => {
      const config = createConfig(stage.env).database;
      assert.deepEqual(workerDatabase(config).replicaUrls, []);
      const { database, metrics } = stage.open({ DATABASE_REPLICA_URLS: stage.primary.url });
      await using _ = database;
      const { userId, document } = await makeIngest(stage.primary);
      const looks = `select from pg_stat_activity where query like '%pg_is_in_recovery%' and state = 'idle'
      and pid <> pg_backend_pid()`;
      await waitFor(async () => (await stage.primary.sql(looks)).length > 0, {
        description: 'a look at what is no standby',
      });
      assert.equal((await database.read.documents.find(userId, document.id))?.id, document.id);
      assert.equal((await readsBy(metrics)).replica, 0);
      assert.equal(database.replicaWarnings().length, 1);
    },
  );

  await t.test('needs no more of the product’s role than to log in', async () => {
    const role = await ordinaryRole(stage);
    const { database, metrics } = stage.open({
      DATABASE_URL: role(stage.env.DATABASE_URL!),
      DATABASE_REPLICA_URLS: role(stage.env.DATABASE_REPLICA_URLS!),
    });
    await using _ = database;
    await replicaIs('in', database);
    const { userId, document } = await makeIngest(stage.primary);
    assert.equal((await database.read.documents.find(userId, document.id))?.id, document.id);
    assert.equal((await readsBy(metrics)).replica, 1);
  });

  await t.test('what fills a cache is read where the stamps are, and nowhere else', async () => {
    const { database, metrics } = stage.open();
    await using _ = database;
    await replicaIs('in', database);
    const { userId, document } = await makeIngest(stage.primary);
    const read = () => database.read.documents.find(userId, document.id);
    assert.equal((await database.stamps.beside(read))?.id, document.id);
    assert.deepEqual(await readsBy(metrics), { replica: 0, primary: 1 });
    await read();
    assert.deepEqual(await readsBy(metrics), { replica: 1, primary: 1 });
  });

  await t.test('is held to the time that a piece of work has, and not blamed when it is over', async () => {
    const { database, metrics } = stage.open();
    await using _ = database;
    await replicaIs('in', database);
    const { userId, document } = await makeIngest(stage.primary);
    const read = () => database.read.documents.find(userId, document.id);
    await read();
    // Replay of an exclusive lock, which a reader of the standby has to wait for.
    await using lock = await holdLock(stage.primary.url, 'lock table documents in access exclusive mode');
    await stage.primary.sql('select pg_switch_wal()');
    await stage.standbyWaits('documents');
    const started = performance.now();
    await assert.rejects(database.within(300, read), (error) => asUnavailable(error) !== undefined);
    assert.ok(performance.now() - started < 3_000);
    await lock.release();
    assert.deepEqual(database.replicaWarnings(), []);
    assert.equal((await readsBy(metrics)).primary, 0);
  });

  await t.test('promise 49: what was written is read at once, also with a lagging replica', async (t) => {
    const report = await readYourWrite(stage, 60);
    t.diagnostic(`${report.found} of ${report.asked} seen at once, ${report.byReplica} reads by the standby`);
    assert.equal(report.found, report.asked);
    assert.ok(report.byReplica > report.asked, 'the standby must have been used');
  });
});

test('a shared question is never answered by what was asked before it', async () => {
  let asked = 0;
  const waiting: (() => void)[] = [];
  const ask = shared(async () => {
    const own = ++asked;
    await new Promise<void>((resolve) => waiting.push(resolve));
    return own;
  });
  const [first, second, third] = [ask(), ask(), ask()];
  waiting.shift()?.();
  assert.equal(await first, 1);
  await new Promise(setImmediate);
  waiting.shift()?.();
  assert.deepEqual(await Promise.all([second, third]), [2, 2]);
  assert.equal(asked, 2);
});

async function ordinaryRole(stage: ReplicaStage): Promise<(url: string) => string> {
  const admin = new pg.Client({ connectionString: stage.primary.url });
  await admin.connect();
  await admin.query(`create role reader login password 'reader'`);
  await admin.query(`grant select on all tables in schema public to reader`);
  await admin.end();
  return (url) => {
    const own = new URL(url);
    own.username = 'reader';
    own.password = 'reader';
    return own.href;
  };
}
