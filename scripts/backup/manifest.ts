import Joi from 'joi';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseFacts } from '#db/backup/snapshot.ts';
import { OperatorFault } from './operator-fault.ts';

/** What a backup says of itself: all that a restore checks it by. */
export interface Manifest {
  /** Version of this form. */
  readonly format: 1;
  /** Version of the product that made it. */
  readonly product: string;
  /** The moment that it holds; whatever was committed later is not in it. */
  readonly taken_at: string;
  /** How long it took to write. */
  readonly seconds: number;
  readonly dumped_by: string;
  readonly database: {
    readonly name: string;
    readonly server: string;
    /** Version by name; a restore needs each of them. */
    readonly extensions: Readonly<Record<string, string>>;
    readonly bytes: number;
    readonly migrations: readonly string[];
  };
  /** Rows of every table at that moment. */
  readonly rows: Readonly<Record<string, number>>;
  /** Keys of CREDENTIAL_KEYS without which so many secrets cannot be read. They are not in the backup. */
  readonly keys_needed: readonly { readonly id: string; readonly secrets: number }[];
  readonly keys_note: string;
}

const KEYS_NOTE =
  'The keys themselves are not in this backup. Keep CREDENTIAL_KEYS somewhere else: without them the credentials in it are lost.';

const MANIFEST = 'manifest.json';

const count = () => Joi.number().integer().min(0).required();
const schema = Joi.object<Manifest>({
  format: Joi.valid(1).required(),
  product: Joi.string().required(),
  taken_at: Joi.string().isoDate().required(),
  seconds: Joi.number().min(0).required(),
  dumped_by: Joi.string().required(),
  database: Joi.object({
    name: Joi.string().required(),
    server: Joi.string()
      .pattern(/^\d+(\.\d+)?/)
      .required(),
    extensions: Joi.object().pattern(Joi.string(), Joi.string()).required(),
    bytes: count(),
    migrations: Joi.array().items(Joi.string()).min(1).required(),
  }).required(),
  rows: Joi.object().pattern(Joi.string(), count()).min(1).required(),
  keys_needed: Joi.array()
    .items(Joi.object({ id: Joi.string().required(), secrets: count() }))
    .required(),
  keys_note: Joi.string().required(),
});

export function createManifest(
  facts: DatabaseFacts,
  made: { readonly product: string; readonly seconds: number; readonly dumpedBy: string },
): Manifest {
  const { name, serverVersion, extensions, bytes, migrations } = facts;
  return {
    format: 1,
    product: made.product,
    taken_at: facts.takenAt.toISOString(),
    seconds: made.seconds,
    dumped_by: made.dumpedBy,
    database: { name, server: serverVersion, extensions, bytes, migrations },
    rows: facts.rows,
    keys_needed: facts.keys,
    keys_note: KEYS_NOTE,
  };
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
}

/** @throws OperatorFault when there is none, or one of another form */
export function readManifest(folder: string): Manifest {
  const remedy = 'name a folder that ./scripts/backup.sh has made: donkey-<time>, with manifest.json in it';
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(folder, MANIFEST), 'utf8'));
  } catch (error) {
    throw new OperatorFault(`${folder} holds no backup: its ${MANIFEST} cannot be read`, remedy, {
      cause: error,
    });
  }
  const checked = schema.validate(content);
  if (checked.error !== undefined)
    throw new OperatorFault(
      `the ${MANIFEST} of ${folder} is of another form: ${checked.error.message}`,
      'use the release that made it, or a newer one',
    );
  return checked.value;
}

/** Rows of all tables together. */
export const totalRows = ({ rows }: Pick<Manifest, 'rows'>): number =>
  Object.values(rows).reduce((sum, count) => sum + count, 0);

/** What differs between two counts, in words; nothing where they agree. */
export function differences(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return names
    .filter((name) => expected[name] !== found[name])
    .map(
      (name) =>
        `${name}: ${expected[name] ?? 'no table'} in the backup, ${found[name] ?? 'no table'} restored`,
    );
}
