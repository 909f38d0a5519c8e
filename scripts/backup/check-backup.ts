import { migrationsOfRelease } from '#db/backup/restore-target.ts';
import type { KeyEncryptionKey } from '#shared/crypto/envelope.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { verifyChecksums } from './checksums.ts';
import { readManifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import { OperatorFault, ok } from './operator-fault.ts';
import type { PostgresPrograms } from './postgres-programs.ts';

/**
 * Finds out whether a backup can be restored here, before anything is touched.
 *
 * @throws OperatorFault when it is damaged, of a newer release, or needs keys that are not in the settings
 */
export async function checkBackup(
  folder: string,
  keys: readonly KeyEncryptionKey[],
  programs: PostgresPrograms,
): Promise<Manifest> {
  const manifest = readManifest(folder);
  const files = await verifyChecksums(folder);
  ok(`${files} files are as they were written`);
  assertKnown(manifest);
  assertReadable(manifest, programs);
  const missing = manifest.keys_needed.filter(({ id }) => !keys.some((key) => key.id === id));
  if (missing.length > 0)
    throw new OperatorFault(
      `CREDENTIAL_KEYS lacks ${missing.map(({ id, secrets }) => `"${id}", which ${secrets} secrets need`).join(', ')}`,
      'put the keys that were kept with the copy of .env into CREDENTIAL_KEYS: the first encrypts, all decrypt',
    );
  return manifest;
}

function assertKnown({ product, database }: Manifest): void {
  const known = migrationsOfRelease();
  const strange = database.migrations.filter((name) => !known.includes(name));
  if (strange.length > 0)
    throw new OperatorFault(
      `the backup is of a newer release (${product}; this one is ${packageJson.version}): it has ${strange.join(', ')}`,
      `install release ${product} or a later one, and restore with that`,
    );
  const missing = known.length - database.migrations.length;
  ok(
    missing === 0
      ? `its schema is that of this release, ${packageJson.version}`
      : `its schema is older than this release: ${missing} migrations will be run`,
  );
}

function assertReadable({ dumped_by: dumpedBy }: Manifest, { major, version }: PostgresPrograms): void {
  const needed = Number(/\) (\d+)/.exec(dumpedBy)?.[1]);
  if (major < needed)
    throw new OperatorFault(
      `it was written by ${dumpedBy}, which ${version} is older than`,
      'install the client programs of that version, and name their folder in PG_BIN',
    );
}
