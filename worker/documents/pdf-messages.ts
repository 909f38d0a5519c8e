/** Why a PDF gives no text at all. */
export type PdfFault = 'password' | 'damaged' | 'memory' | 'too_many_pages' | 'too_much_text';

/** One JSON line of the PDF process: `open`, then every page once (`page` or `failed`), then `end`; or a `fault`. */
export type PdfMessage =
  | { readonly type: 'open'; readonly pages: number }
  | { readonly type: 'page'; readonly page: number; readonly text: string }
  | { readonly type: 'failed'; readonly page: number }
  | { readonly type: 'fault'; readonly fault: PdfFault }
  | { readonly type: 'end' };

const FAULTS: readonly string[] = [
  'password',
  'damaged',
  'memory',
  'too_many_pages',
  'too_much_text',
] satisfies PdfFault[];

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

/**
 * Reads one line of the PDF process, which is not trusted: it has handled a stranger's file.
 *
 * @returns undefined when the line is no message
 */
export function parsePdfMessage(line: string): PdfMessage | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, page, pages, text, fault } = value as Record<string, unknown>;
  if (type === 'end') return { type };
  if (type === 'open' && isCount(pages)) return { type, pages };
  if (type === 'page' && isCount(page) && typeof text === 'string') return { type, page, text };
  if (type === 'failed' && isCount(page)) return { type, page };
  if (type === 'fault' && typeof fault === 'string' && FAULTS.includes(fault))
    return { type, fault: fault as PdfFault };
  return undefined;
}
