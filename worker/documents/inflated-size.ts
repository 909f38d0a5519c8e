import { createInflate } from 'node:zlib';

const STREAM = Buffer.from('stream');
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A dictionary longer than this before its stream is not looked at; the engine's own limits remain. */
const DICTIONARY_BYTES = 2048;
const FLATE = /\/Fl(?:ateDecode)?\b/g;
/** No program compresses a stream more often. */
const MOST_LAYERS = 4;
/** All streams together may unpack to this many times what one may. */
const STREAMS_IN_ALL = 8;

/**
 * Whether a PDF unpacks to more than it should, looked up before the engine sees it. Streams compressed by Flate (ISO
 * 32000-2, 7.4.4), also several times over, are unpacked piece by piece and not kept; whatever cannot be read, such as
 * encrypted streams, is left to the engine and its limits.
 *
 * @param maxBytes most that one stream may unpack to
 */
export async function inflatesBeyond(pdf: Buffer, maxBytes: number): Promise<boolean> {
  let left = maxBytes * STREAMS_IN_ALL;
  for (const { start, layers } of flateStreams(pdf)) {
    if (layers > MOST_LAYERS) return true;
    const size = await inflatedSize(pdf.subarray(start), layers, maxBytes);
    left -= size;
    if (size > maxBytes || left < 0) return true;
  }
  return false;
}

function* flateStreams(pdf: Buffer): Generator<{ readonly start: number; readonly layers: number }> {
  for (let at = pdf.indexOf(STREAM); at >= 0; at = pdf.indexOf(STREAM, at + STREAM.length)) {
    const start = startOfData(pdf, at + STREAM.length);
    if (start === undefined || pdf.subarray(Math.max(0, at - 3), at).toString('latin1') === 'end') continue;
    const head = pdf.subarray(Math.max(0, at - DICTIONARY_BYTES), at).toString('latin1');
    const layers = head.slice(head.lastIndexOf(' obj') + 1).match(FLATE)?.length ?? 0;
    if (layers > 0) yield { start, layers };
  }
}

/** The keyword is followed by CR LF or LF (7.3.8.1). */
function startOfData(pdf: Buffer, at: number): number | undefined {
  if (pdf[at] === LINE_FEED) return at + 1;
  return pdf[at] === CARRIAGE_RETURN && pdf[at + 1] === LINE_FEED ? at + 2 : undefined;
}

/** Bytes that come out, counted until they are more than `maxBytes` or cannot be read any more. */
async function inflatedSize(data: Buffer, layers: number, maxBytes: number): Promise<number> {
  const stages = Array.from({ length: layers }, () => createInflate());
  const [first] = stages;
  const last = stages.at(-1);
  if (first === undefined || last === undefined) return 0;
  for (const [index, stage] of stages.entries()) {
    // What is damaged ends where it is damaged; nobody waits for the stages before the last.
    stage.on('error', () => last.destroy());
    const next = stages[index + 1];
    if (next !== undefined) stage.pipe(next);
  }
  first.end(data);
  let size = 0;
  try {
    for await (const part of last as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) break;
    }
  } catch {
    // Counted as far as it went.
  } finally {
    for (const stage of stages) stage.destroy();
  }
  return size;
}
