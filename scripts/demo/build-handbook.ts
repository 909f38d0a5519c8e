import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import PDFDocument from 'pdfkit';

/**
 * Makes donkey-handbook.pdf from donkey-handbook.txt: "# " starts a page, "## " a section, an empty line a paragraph.
 * The dates in the file are fixed, so that the same text always gives the same bytes.
 */
async function build(source: string, target: string): Promise<void> {
  const written = new Date('2026-01-01T00:00:00Z');
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: 72, bottom: 72, left: 72, right: 72 },
    info: {
      Title: "The Donkey Keeper's Handbook",
      Author: 'Donkey Workspace',
      CreationDate: written,
      ModDate: written,
    },
  });
  const done = pipeline(document, createWriteStream(target));
  readFileSync(source, 'utf8')
    .split(/\n\s*\n/)
    .forEach((block, index) => draw(document, block.trim(), index === 0));
  document.end();
  await done;
}

function draw(document: PDFKit.PDFDocument, block: string, first: boolean): void {
  if (block.startsWith('# ')) {
    if (!first) document.addPage();
    document.font('Times-Bold').fontSize(20).text(block.slice(2)).moveDown();
  } else if (block.startsWith('## '))
    document.font('Times-Bold').fontSize(14).text(block.slice(3)).moveDown(0.4);
  else document.font('Times-Roman').fontSize(11.5).text(block, { lineGap: 2 }).moveDown();
}

const here = import.meta.dirname;
await build(join(here, 'donkey-handbook.txt'), join(here, 'donkey-handbook.pdf'));
