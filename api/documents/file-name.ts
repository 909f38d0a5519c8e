const MAX_LENGTH = 255;

/** Control and format characters, line and paragraph separators, lone surrogates: among them those that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * What is kept of the name a client gives a file: data to show, never a path. Folders and control characters go, the
 * rest stays as it was written.
 */
export function cleanFileName(name: string): string {
  const base = name.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const printable = base.replace(UNPRINTABLE, '').trim();
  return shorten(printable === '' || printable === '.' || printable === '..' ? 'unnamed' : printable);
}

/** Title of a document that was given none: the name without its extension. */
export function titleOf(fileName: string): string {
  const title = fileName.replace(/\.[A-Za-z0-9]{1,8}$/, '').trim();
  return title === '' ? fileName : title;
}

/** Cuts in the middle of the name, so that the extension stays, and never in the middle of a character. */
function shorten(name: string): string {
  if (name.length <= MAX_LENGTH) return name;
  const extension = /\.[A-Za-z0-9]{1,8}$/.exec(name)?.[0] ?? '';
  return (
    name
      .slice(0, MAX_LENGTH - extension.length)
      .toWellFormed()
      .replace(/\ufffd$/, '') + extension
  );
}
