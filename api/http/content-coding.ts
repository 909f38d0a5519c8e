import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request } from 'express';
import type { AnyEndpoint } from './endpoint.ts';
import { showsSecrets } from './shows-secrets.ts';

/** Codings we send (RFC 9110, section 8.4.1), the best first. */
const CODINGS = ['br', 'gzip'] as const;
export type ContentCoding = (typeof CODINGS)[number];

/** Smaller answers fit into a packet or two, and packing them costs more than it saves. */
export const LEAST_BYTES = 1024;

/** High levels cost many times the work for a few per cent; answers are made for one reader each. */
const LEVEL = { br: 4, gzip: 6 } as const;

const compressors: Readonly<Record<ContentCoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: LEVEL.br,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
      },
    }),
  gzip: (bytes) => promisify(gzip)(bytes, { level: LEVEL.gzip }),
};

/**
 * The coding an answer is sent in, or undefined for none.
 *
 * @param size of the answer, in bytes
 */
export function codingFor(
  req: Request,
  endpoint: AnyEndpoint | undefined,
  contentType: string,
  size: number,
): ContentCoding | undefined {
  if (size < LEAST_BYTES || showsSecrets(endpoint)) return undefined;
  if (!/^(text\/|application\/(json|problem\+json|x-ndjson|graphql-response\+json))/.test(contentType))
    return undefined;
  if (contentType.startsWith('text/event-stream')) return undefined;
  // Clients that say nothing get what they can surely read.
  if (req.get('accept-encoding') === undefined) return undefined;
  const chosen = req.acceptsEncodings([...CODINGS, 'identity']);
  return CODINGS.find((coding) => coding === chosen);
}

/** Packs bytes outside the event loop. */
export const encode = (coding: ContentCoding, bytes: Buffer): Promise<Buffer> => compressors[coding](bytes);
