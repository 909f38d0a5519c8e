import { fileTypeFromBuffer, supportedExtensions } from 'file-type';
import { endsAsPdf, startsAsPdf } from '#shared/domain/pdf-bytes.ts';
import { hasTextMark, startOfText } from '#shared/domain/text-encoding.ts';
import { AppError } from '#shared/errors/app-error.ts';

/** What an upload is, by its bytes. */
export type FileKind =
  | { readonly kind: 'pdf'; readonly mimeType: 'application/pdf' }
  | { readonly kind: 'text'; readonly mimeType: 'text/plain' };

/** What a file name says of the content; `nothing` for names without an extension that means something to us. */
type Claim = 'pdf' | 'text' | 'other' | 'nothing';

const TEXT_EXTENSIONS = new Set(
  'txt text md markdown rst adoc log csv tsv json jsonl ndjson yaml yml toml ini xml html htm srt vtt tex org'.split(
    ' ',
  ),
);
/** Formats that file-type knows as binary and that are, or can be, text. */
const SOMETIMES_TEXT = new Set('dat fbx ics key pgp reg stl vcf'.split(' '));
const MORE_BINARY = 'doc xls ppt jpeg tiff svgz tgz bin dll so o a pyc wma wmv db sqlite3 ai'.split(' ');

function claimOf(filename: string): Claim {
  const extension = /\.([^./\\]+)$/.exec(filename.trim())?.[1]?.toLowerCase() ?? '';
  if (extension === 'pdf') return 'pdf';
  if (TEXT_EXTENSIONS.has(extension)) return 'text';
  if (SOMETIMES_TEXT.has(extension)) return 'nothing';
  return supportedExtensions.has(extension) || MORE_BINARY.includes(extension) ? 'other' : 'nothing';
}

/** Bytes that no single-byte encoding uses for text. */
const isBinaryByte = (byte: number): boolean =>
  byte < 9 || byte === 11 || (byte > 13 && byte < 32) || byte === 127;

/**
 * Tells what an uploaded file is by its bytes; the name can only contradict them. A PDF starts at byte 0. file-type
 * takes honest text for pictures ("BMW is", "GIF89a"), so that for text the rules of `decodeText` decide.
 *
 * @throws AppError `document.empty`, `document.type_mismatch` (the name claims something else),
 * `document.type_unsupported`, `document.encoding_invalid` (text, but not readable) or `document.truncated`
 */
export async function detectFileKind(bytes: Buffer, filename: string): Promise<FileKind> {
  if (bytes.length === 0) throw new AppError('document.empty');
  const claim = claimOf(filename);
  if (await isPdf(bytes)) {
    if (claim === 'text' || claim === 'other') throw new AppError('document.type_mismatch');
    if (!endsAsPdf(bytes)) throw new AppError('document.truncated');
    return { kind: 'pdf', mimeType: 'application/pdf' };
  }
  if (claim === 'pdf') throw new AppError('document.type_mismatch');
  const start = readStart(bytes);
  if (start instanceof AppError) throw await refusal(bytes, claim, start);
  // PDF readers look for the header further in, so that text around one would be two things at once.
  if (claim === 'other' || start.startsWith('%PDF-')) throw new AppError('document.type_mismatch');
  return { kind: 'text', mimeType: 'text/plain' };
}

async function isPdf(bytes: Buffer): Promise<boolean> {
  return startsAsPdf(bytes) && (await fileTypeFromBuffer(bytes))?.mime === 'application/pdf';
}

function readStart(bytes: Buffer): string | AppError {
  try {
    return startOfText(bytes);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Why bytes that are neither PDF nor readable text are refused: text in another encoding, or no text at all. */
async function refusal(bytes: Buffer, claim: Claim, unreadable: AppError): Promise<AppError> {
  if (unreadable.code === 'document.empty') return unreadable;
  const textual = hasTextMark(bytes) || !bytes.some(isBinaryByte);
  if (claim === 'other')
    return new AppError(textual ? 'document.type_mismatch' : 'document.type_unsupported');
  if (textual) return unreadable;
  if (claim !== 'text') return new AppError('document.type_unsupported');
  const known = (await fileTypeFromBuffer(bytes)) !== undefined;
  return known ? new AppError('document.type_mismatch') : unreadable;
}
