/** Writers put the end mark into the last kilobyte; mail gateways and download managers append to it. */
const TAIL_BYTES = 8192;

/** Whether the bytes begin as a PDF does. Only byte 0 counts, so that a file cannot be two things at once. */
export function startsAsPdf(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 5)).toString('latin1') === '%PDF-'
  );
}

/** Whether the last 8 kB hold the marks that end a PDF; a file that lacks both was cut off. */
export function endsAsPdf(bytes: Uint8Array): boolean {
  const tail = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).subarray(-TAIL_BYTES);
  return tail.includes('%%EOF') || tail.includes('startxref');
}
