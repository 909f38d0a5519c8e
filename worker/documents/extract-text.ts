import type { Config } from '#shared/config/config.ts';
import type { ExtractedText, PageSpan } from '#shared/domain/extracted-text.ts';
import { endsAsPdf } from '#shared/domain/pdf-bytes.ts';
import { decodeText } from '#shared/domain/text-encoding.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { AppErrorOptions } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';
import type { NetworkIsolation } from './network-isolation.ts';
import { normalizePageText } from './normalize-page-text.ts';
import type { PdfFault, PdfMessage } from './pdf-messages.ts';
import { runPdfProcess } from './pdf-process.ts';
import type { KillReason, PdfProcessEnd } from './pdf-process.ts';

export interface ExtractOptions {
  readonly limits: Config['extraction'];
  readonly signal: AbortSignal;
  /** How PDF processes are kept off the network. */
  readonly isolation?: NetworkIsolation;
  /** Told after each page: pages read, pages there are. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Told the id of the process that reads a PDF. */
  readonly onProcess?: (pid: number) => void;
  /** Told when it is gone, with the most memory that it was seen to have, in bytes. */
  readonly onProcessEnd?: (pid: number, peakMemory: number) => void;
}

const PAGE_SEPARATOR = '\n\n';

const faultCodes: Record<PdfFault, ErrorCode> = {
  password: 'document.encrypted',
  damaged: 'document.damaged',
  memory: 'document.extraction_memory',
  too_many_pages: 'document.too_many_pages',
  too_much_text: 'document.too_much_text',
};

const killCodes: Record<Exclude<KillReason, 'aborted'>, ErrorCode> = {
  timeout: 'document.extraction_timeout',
  memory: 'document.extraction_memory',
  protocol: 'document.extraction_crashed',
};

const failure = (code: ErrorCode, options: AppErrorOptions = {}): AppError =>
  new AppError(code, { stage: 'extract', ...options });

/**
 * Takes the text out of a file: plain text here, a PDF in a process of its own (see pdf-process.ts).
 *
 * @throws AppError of stage `extract`: `document.encoding_invalid`, `empty`, `encrypted`, `damaged`, `truncated`,
 * `no_text`, `too_many_pages`, `too_much_text`, `extraction_timeout`, `extraction_memory` or `extraction_crashed`
 * @throws the signal's reason when it aborts; the process is gone by then
 */
export async function extractText(
  input: { readonly bytes: Buffer; readonly kind: 'pdf' | 'text' },
  options: ExtractOptions,
): Promise<ExtractedText> {
  options.signal.throwIfAborted();
  return input.kind === 'text' ? extractPlain(input.bytes, options.limits) : extractPdf(input.bytes, options);
}

function extractPlain(bytes: Buffer, limits: Config['extraction']): ExtractedText {
  let text: string;
  try {
    text = decodeText(bytes);
  } catch (error) {
    if (error instanceof AppError) throw failure(error.code, { detail: error.detail, cause: error });
    throw error;
  }
  if (text.length > limits.maxChars) throw failure('document.too_much_text');
  return { text, pageCount: null, pages: [], pagesWithoutText: [], pagesFailed: [] };
}

async function extractPdf(bytes: Buffer, options: ExtractOptions): Promise<ExtractedText> {
  const pages = new PageCollector(options.onProgress);
  const end = await runPdfProcess(bytes, {
    limits: options.limits,
    signal: options.signal,
    isolation: options.isolation,
    onMessage: (message) => pages.add(message),
    onStart: options.onProcess,
    onEnd: options.onProcessEnd,
  });
  if (end.killed === 'aborted') options.signal.throwIfAborted();
  if (pages.fault === 'damaged' && !endsAsPdf(bytes)) throw failure('document.truncated');
  if (pages.fault !== undefined) throw failure(faultCodes[pages.fault]);
  if (!pages.complete) throw endedEarly(end);
  return pages.result();
}

/** What to say of a process that ended without telling us everything. */
function endedEarly(end: PdfProcessEnd): AppError {
  const { killed, exitCode, signal, stderr } = end;
  const cause = new Error(
    `PDF process ended early (killed for ${killed ?? 'nothing'}, exit ${exitCode ?? 'none'}, signal ${signal ?? 'none'}): ${stderr.trim()}`,
  );
  if (killed !== undefined && killed !== 'aborted') return failure(killCodes[killed], { cause });
  // The kernel's limits: SIGXCPU for processor time; for memory, an allocation that the runtime could not do without.
  if (signal === 'SIGXCPU') return failure('document.extraction_timeout', { cause });
  if (/out of memory|\boom\b|allocation failed/i.test(stderr))
    return failure('document.extraction_memory', { cause });
  return failure('document.extraction_crashed', { cause });
}

/** Puts the pages of one PDF together and keeps account of every one of them. */
class PageCollector {
  readonly #parts: string[] = [];
  readonly #spans: PageSpan[] = [];
  readonly #withoutText: number[] = [];
  readonly #failed: number[] = [];
  readonly #onProgress: ((done: number, total: number) => void) | undefined;
  #length = 0;
  #total = 0;
  #done = 0;
  #ended = false;
  fault: PdfFault | undefined;

  constructor(onProgress: ((done: number, total: number) => void) | undefined) {
    this.#onProgress = onProgress;
  }

  /** Whether the process said that it is through and every page was heard of. */
  get complete(): boolean {
    return this.#ended && this.#done === this.#total;
  }

  add(message: PdfMessage): void {
    if (message.type === 'open') this.#total = message.pages;
    else if (message.type === 'end') this.#ended = true;
    else if (message.type === 'fault') this.fault = message.fault;
    // Pages out of turn are left out, so that the account does not add up and the document fails.
    else if (message.page === this.#done + 1) this.#addPage(message);
  }

  #addPage(message: Extract<PdfMessage, { page: number }>): void {
    this.#done++;
    if (message.type === 'failed') this.#failed.push(message.page);
    else this.#addText(message.page, normalizePageText(message.text));
    this.#onProgress?.(this.#done, this.#total);
  }

  #addText(page: number, text: string): void {
    if (text.trim() === '') {
      this.#withoutText.push(page);
      return;
    }
    if (this.#parts.length > 0) {
      this.#parts.push(PAGE_SEPARATOR);
      this.#length += PAGE_SEPARATOR.length;
    }
    this.#parts.push(text);
    this.#spans.push({ page, charStart: this.#length, charEnd: this.#length + text.length });
    this.#length += text.length;
  }

  result(): ExtractedText {
    if (this.#total === 0) throw failure('document.damaged', { detail: 'The PDF has no pages' });
    if (this.#spans.length === 0)
      throw this.#failed.length === 0
        ? failure('document.no_text')
        : failure('document.damaged', { detail: 'The pages of the PDF cannot be read' });
    return {
      text: this.#parts.join(''),
      pageCount: this.#total,
      pages: this.#spans,
      pagesWithoutText: this.#withoutText,
      pagesFailed: this.#failed,
    };
  }
}
