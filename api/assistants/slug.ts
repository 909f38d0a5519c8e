const LONGEST = 70;
const UUID_LIKE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a slug may look like; nothing that could be taken for an id. At most 80 characters. */
export const SLUG = /^(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** Letters that no decomposition turns into ASCII. */
const SPELT_OUT: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ł: 'l',
  ı: 'i',
};

/**
 * Makes a slug of a name: "Élise Müller" -> "elise-muller".
 *
 * @param fallback for names without Latin letters or digits
 */
export function slugOf(name: string, fallback = 'assistant'): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[ßæœøđðþłı]/g, (letter) => SPELT_OUT[letter] ?? '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, '');
  if (slug === '') return fallback;
  return UUID_LIKE.test(slug) ? `${fallback}-${slug}` : slug;
}

/** The slug itself, or with the first free number from 2 behind it. */
export function freeSlug(slug: string, taken: readonly string[]): string {
  const used = new Set(taken);
  let candidate = slug;
  for (let number = 2; used.has(candidate); number += 1) candidate = `${slug}-${number}`;
  return candidate;
}
