import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { OperatorFault } from './operator-fault.ts';

/** In the form that `sha256sum --check` reads, so that a backup can be checked without the product. */
const SUMS = 'SHA256SUMS';

/** Notes the checksum of every file in the folder. @returns their bytes */
export async function writeChecksums(folder: string): Promise<number> {
  const files = filesIn(folder);
  const lines: string[] = [];
  let bytes = 0;
  for (const name of files) {
    lines.push(`${await sumOf(join(folder, name))}  ${name}\n`);
    bytes += statSync(join(folder, name)).size;
  }
  writeFileSync(join(folder, SUMS), lines.join(''), { flush: true });
  return bytes;
}

/**
 * Holds every file against its checksum.
 *
 * @returns how many there are
 * @throws OperatorFault naming the files that are missing, changed or strange
 */
export async function verifyChecksums(folder: string): Promise<number> {
  const expected = readSums(folder);
  const found = filesIn(folder);
  const faults = found.filter((name) => !expected.has(name)).map((name) => `${name} does not belong to it`);
  for (const [name, sum] of expected) {
    if (!found.includes(name)) faults.push(`${name} is missing`);
    else if ((await sumOf(join(folder, name))) !== sum) faults.push(`${name} has changed`);
  }
  if (faults.length > 0)
    throw new OperatorFault(
      `the backup in ${folder} is damaged: ${faults.join(', ')}`,
      'nothing was restored; copy the backup again from where it came, or use another one',
    );
  return expected.size;
}

function readSums(folder: string): Map<string, string> {
  try {
    const lines = readFileSync(join(folder, SUMS), 'utf8').trimEnd().split('\n');
    return new Map(
      lines.map((line) => {
        const [, sum = '', name = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
        return [name, sum];
      }),
    );
  } catch (error) {
    throw new OperatorFault(
      `${folder} holds no complete backup: it has no ${SUMS}`,
      'name a folder that ./scripts/backup.sh has made: donkey-<time>',
      { cause: error },
    );
  }
}

/** Names from the folder on, with slashes. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((name) => name !== SUMS)
    .sort();

async function sumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
