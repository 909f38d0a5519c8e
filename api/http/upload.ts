import multer from 'multer';
import { AppError } from '#shared/errors/app-error.ts';
import type { ReadUpload } from './body.ts';

/** Text fields of a form and their sizes: more is nobody's honest need. */
const FIELD_LIMITS = {
  fields: 20,
  fieldSize: 64 * 1024,
  fieldNameSize: 100,
  parts: 22,
  headerPairs: 20,
  fieldNestingDepth: 0,
};

/** What all fields and the headers of all parts of a form may have beside the file, in bytes. */
const FORM_BYTES = 22 * 80 * 1024;

/**
 * Makes the reader of multipart requests: one file, in the field "file", wholly in memory. multer's limits are endless
 * unless each is set, and it reads what it has refused to its end before it says so: a form that cannot be a good one is
 * refused by its length, and read no further than that.
 *
 * @param options.maxBytes largest file
 */
export function createUploadReader(options: { maxBytes: number }): ReadUpload {
  const parse = multer({
    storage: multer.memoryStorage(),
    limits: { ...FIELD_LIMITS, files: 1, fileSize: options.maxBytes },
    // Names arrive as the latin1 reading of UTF-8 bytes unless the parser is told otherwise.
    defParamCharset: 'utf8',
    // What is kept of a name is the document's business; the parser would drop files whose name is only a path.
    preservePath: true,
  }).single('file');
  const most = options.maxBytes + FORM_BYTES;
  return async (req, res) => {
    if (Number(req.headers['content-length'] ?? 0) > most) throw tooLarge(options.maxBytes);
    await new Promise<void>((resolve, reject) => {
      let left = most;
      req.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) reject(tooLarge(options.maxBytes));
      });
      parse(req, res, (error: unknown) => {
        if (error === undefined || error === null) resolve();
        else reject(translate(error, options.maxBytes));
      });
    });
    const { file } = req;
    return {
      fields: { ...(req.body as Record<string, unknown>) },
      file: file && { name: file.originalname, declaredType: file.mimetype, bytes: file.buffer },
    };
  };
}

function translate(error: unknown, maxBytes: number): AppError {
  if (!(error instanceof multer.MulterError)) {
    return new AppError('request.malformed', { detail: 'The multipart body cannot be read.', cause: error });
  }
  if (error.code === 'LIMIT_FILE_SIZE') return tooLarge(maxBytes, error);
  if (error.code === 'LIMIT_UNEXPECTED_FILE')
    return new AppError('request.invalid', {
      errors: [
        {
          pointer: `/body/${error.field ?? ''}`,
          code: 'any.unknown',
          message: 'only one file, in "file", is allowed',
        },
      ],
      cause: error,
    });
  return new AppError('request.too_large', { detail: error.message, cause: error });
}

const tooLarge = (maxBytes: number, cause?: Error): AppError =>
  new AppError('document.too_large', { detail: `The file is larger than ${maxBytes} bytes.`, cause });
