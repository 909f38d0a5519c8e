import { printable } from '#shared/domain/clean-text.ts';

const MAX_LENGTH = 255;

/**
 * What is kept of the name a client gives a file: data to show, never a path. Folders and control characters go, the
 * rest stays as it was written.
 */
export function cleanFileName(name: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? '';
  const shown = printable(base).trim();
  return shorten(shown === '' || shown === '.' || shown === '..' ? 'unnamed' : shown);
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
