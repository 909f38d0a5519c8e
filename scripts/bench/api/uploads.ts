import { randomBytes } from 'node:crypto';
import type { Shot } from '#tests/support/load/drive.ts';
import { shotOf } from '#tests/support/load/mixed-load.ts';
import type { LoadClient } from '#tests/support/load/mixed-load.ts';
import type { Figure } from '../suite.ts';
import { besideBareExpress } from './beside-bare-express.ts';

const KIB = 1024;
/** Sizes of the files. A PDF of some dozen pages has about a mebibyte. */
const SIZES = [
  { name: '64 KiB', bytes: 64 * KIB, hasBar: false },
  { name: '1 MiB', bytes: 1024 * KIB, hasBar: true },
  { name: '10 MiB', bytes: 10 * 1024 * KIB, hasBar: false },
] as const;
const CLIENTS = 8;
const BOUNDARY = 'a-boundary-that-stands-in-no-file';

/** Uploads of text files, each of them new; no worker takes them in meanwhile. */
export async function measureUploads(
  origins: { readonly api: string; readonly bare: string },
  load: readonly LoadClient[],
  isQuick: boolean,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { name, bytes, hasBar } of SIZES.filter((size) => size.hasBar || !isQuick)) {
    const text = 'What the donkey carries up the hill it need not carry down. '.repeat(bytes / 60 + 1);
    const file = Buffer.from(text.slice(0, bytes));
    figures.push(
      await besideBareExpress({
        name: `accepted uploads of ${name}`,
        clients: CLIENTS,
        rounds: isQuick ? 1 : 3,
        seconds: isQuick ? 2 : 4,
        api: { url: origins.api, next: (client) => uploadShot(load[client], file, '/api/v1/documents') },
        bare: { url: origins.bare, next: (client) => uploadShot(load[client], file, '/documents') },
        note: `multipart text files of ${CLIENTS} clients; bare Express has no accounts, multer reads the file, one insert stores it`,
        hasBar,
      }),
    );
  }
  return figures;
}

export function uploadShot(load: LoadClient | undefined, file: Buffer, path: string): Shot {
  if (load === undefined) throw new Error('a load needs clients');
  const { headers } = shotOf(load.client, 'upload', { method: 'POST', path: '' });
  const body = Buffer.concat([
    Buffer.from(
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="assistant_id"\r\n\r\n${load.rows.assistantIds[0] ?? ''}\r\n` +
        `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="hill.txt"\r\ncontent-type: text/plain\r\n\r\n` +
        `${randomBytes(16).toString('hex')}\n`,
    ),
    file.subarray(33),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  return {
    name: 'upload',
    method: 'POST',
    path,
    headers: { ...headers, 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body,
  };
}
