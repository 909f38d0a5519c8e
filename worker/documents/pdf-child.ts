/*
 * Runs in a process of its own, started by pdf-process.ts: reads one PDF from standard input and writes its pages to
 * standard output as JSON lines. It imports little beside the engine, to start fast and to need few files.
 */
import { PDFiumLibrary } from '@hyzyla/pdfium';
import type { PDFiumDocument } from '@hyzyla/pdfium';
import { inflatesBeyond } from './inflated-size.ts';
import type { PdfFault, PdfMessage } from './pdf-messages.ts';

/** PDFium's own functions (fpdfview.h, fpdf_text.h); handles and pointers are numbers, 0 is failure. */
interface Engine {
  readonly HEAPU8: Uint8Array;
  readonly wasmExports: { malloc(bytes: number): number; free(pointer: number): void };
  _FPDF_LoadPage(document: number, index: number): number;
  _FPDF_ClosePage(page: number): void;
  _FPDF_GetPageBoundingBox(page: number, rectangle: number): number;
  _FPDFText_LoadPage(page: number): number;
  _FPDFText_ClosePage(textPage: number): void;
  _FPDFText_CountChars(textPage: number): number;
  _FPDFText_GetText(textPage: number, start: number, count: number, target: number): number;
  _FPDFText_GetBoundedText(
    textPage: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
    target: number,
    length: number,
  ): number;
}

/**
 * The wrapper's `getText` neither closes pages, which adds up to gigabytes, nor tells text on the page from text beside it.
 */
interface DocumentInternals {
  readonly module: Engine;
  readonly documentIdx: number;
}

const send = (message: PdfMessage): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of input) parts.push(part);
  return Buffer.concat(parts);
}

function faultOf(error: unknown): PdfFault {
  const message = error instanceof Error ? error.message : String(error);
  if (/password|security/i.test(message)) return 'password';
  return /memory|\boom\b|allocation/i.test(message) ? 'memory' : 'damaged';
}

function readPage(document: PDFiumDocument, index: number): string {
  const { module, documentIdx } = document as unknown as DocumentInternals;
  const page = module._FPDF_LoadPage(documentIdx, index);
  if (page === 0) throw new Error('The page cannot be loaded');
  const textPage = module._FPDFText_LoadPage(page);
  if (textPage === 0) throw new Error('The text of the page cannot be loaded');
  const text = hasVisibleText(module, page, textPage) ? readText(module, textPage) : '';
  module._FPDFText_ClosePage(textPage);
  module._FPDF_ClosePage(page);
  return text;
}

/** Some programs write a word beside every image, off the page; nobody who reads the page has seen it. */
function hasVisibleText(module: Engine, page: number, textPage: number): boolean {
  const rectangle = module.wasmExports.malloc(16);
  const known = module._FPDF_GetPageBoundingBox(page, rectangle) !== 0;
  const [left, top, right, bottom] = new Float32Array(module.HEAPU8.buffer, rectangle, 4);
  module.wasmExports.free(rectangle);
  if (!known) return true;
  return module._FPDFText_GetBoundedText(textPage, left ?? 0, top ?? 0, right ?? 0, bottom ?? 0, 0, 0) > 0;
}

function readText(module: Engine, textPage: number): string {
  const count = module._FPDFText_CountChars(textPage);
  if (count <= 0) return '';
  const target = module.wasmExports.malloc(2 * (count + 1));
  const written = module._FPDFText_GetText(textPage, 0, count, target);
  const units = Buffer.from(module.HEAPU8.buffer, target, 2 * Math.max(0, written - 1));
  const text = units.toString('utf16le');
  module.wasmExports.free(target);
  return text;
}

/** After a trap the state of a WebAssembly instance cannot be trusted any more. */
const isTrap = (error: unknown): boolean =>
  error instanceof Error && /^(RuntimeError|RangeError)$/.test(error.name);

async function readPages(
  bytes: Uint8Array,
  maxPages: number,
  maxChars: number,
): Promise<PdfFault | undefined> {
  const open = async (): Promise<PDFiumDocument> => (await PDFiumLibrary.init()).loadDocument(bytes);
  let document = await open();
  const pages = document.getPageCount();
  if (pages > maxPages) return 'too_many_pages';
  send({ type: 'open', pages });
  let chars = 0;
  for (let page = 1; page <= pages; page++) {
    try {
      const text = readPage(document, page - 1);
      chars += text.length;
      if (chars > maxChars) return 'too_much_text';
      send({ type: 'page', page, text });
    } catch (error) {
      send({ type: 'failed', page });
      if (isTrap(error)) document = await open();
    }
  }
  return undefined;
}

const [maxPages, maxChars, maxStreamBytes] = process.argv.slice(2).map(Number);
const bytes = await readAll(process.stdin);
const fault = (await inflatesBeyond(bytes, maxStreamBytes ?? 0))
  ? 'memory'
  : await readPages(bytes, maxPages ?? 0, maxChars ?? 0).catch(faultOf);
send(fault === undefined ? { type: 'end' } : { type: 'fault', fault });
