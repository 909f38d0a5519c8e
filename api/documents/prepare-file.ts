import { createHash } from 'node:crypto';
import type { NewFileRow } from '#db/stores/document-file-store.ts';
import type { Config } from '#shared/config/config.ts';
import { AppError } from '#shared/errors/app-error.ts';
import { detectFileKind } from './file-kind.ts';
import { cleanFileName } from './file-name.ts';

/**
 * Looks at a file as it arrives: its type is read from the bytes.
 *
 * @throws AppError document.too_large and the document.* codes of `detectFileKind`
 */
export async function prepareFile(
  file: { readonly bytes: Buffer; readonly filename: string },
  { limits }: Pick<Config, 'limits'>,
): Promise<NewFileRow> {
  if (file.bytes.length > limits.uploadMaxBytes)
    throw new AppError('document.too_large', {
      detail: `The file is larger than ${limits.uploadMaxBytes} bytes.`,
    });
  const filename = cleanFileName(file.filename);
  const { kind, mimeType } = await detectFileKind(file.bytes, filename);
  return {
    sourceType: kind,
    filename,
    mimeType,
    sha256: createHash('sha256').update(file.bytes).digest(),
    content: file.bytes,
  };
}
