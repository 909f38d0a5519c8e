/**
 * Stems a lower-case English word by the algorithm of M. F. Porter, "An algorithm for suffix stripping" (1980), with the
 * two departures of his own implementation (`bli` and `logi` in step 2). Other words are returned as they are.
 */
export function stem(word: string): string {
  if (word.length < 3 || !/^[a-z]+$/.test(word)) return word;
  return tidy(strip(replace(replace(yToI(pastAndGerund(plural(word))), STEP_2), STEP_3)));
}

type Rules = readonly (readonly [suffix: string, replacement: string])[];

const STEP_2: Rules = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
];

const STEP_3: Rules = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
];

const STEP_4 = 'al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize'.split(' ');

/** The word as a pattern of consonants and vowels, such as `cvcc`; y is a vowel after a consonant. */
function shape(word: string): string {
  let result = '';
  for (const letter of word) {
    const vowel = 'aeiou'.includes(letter) || (letter === 'y' && result.endsWith('c'));
    result += vowel ? 'v' : 'c';
  }
  return result;
}

/** Porter's m: how many times vowels are followed by consonants. */
const measure = (stemmed: string): number => shape(stemmed).match(/v+c+/g)?.length ?? 0;
const hasVowel = (stemmed: string): boolean => shape(stemmed).includes('v');
const endsDouble = (word: string): boolean => /([^aeiou])\1$/.test(word) && shape(word).endsWith('cc');
const endsShort = (word: string): boolean => shape(word).endsWith('cvc') && !/[wxy]$/.test(word);

function plural(word: string): string {
  if (word.endsWith('sses') || word.endsWith('ies')) return word.slice(0, -2);
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
}

function pastAndGerund(word: string): string {
  if (word.endsWith('eed')) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const ending = /(ed|ing)$/.exec(word)?.[0];
  if (ending === undefined) return word;
  const rest = word.slice(0, -ending.length);
  if (!hasVowel(rest)) return word;
  if (/(at|bl|iz)$/.test(rest)) return `${rest}e`;
  if (endsDouble(rest) && !/[lsz]$/.test(rest)) return rest.slice(0, -1);
  return measure(rest) === 1 && endsShort(rest) ? `${rest}e` : rest;
}

const yToI = (word: string): string =>
  word.endsWith('y') && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;

function replace(word: string, rules: Rules): string {
  const rule = rules.find(([suffix]) => word.endsWith(suffix));
  if (rule === undefined) return word;
  const rest = word.slice(0, -rule[0].length);
  return measure(rest) > 0 ? rest + rule[1] : word;
}

function strip(word: string): string {
  const suffix = STEP_4.find((candidate) => word.endsWith(candidate));
  if (suffix === undefined) return word;
  const rest = word.slice(0, -suffix.length);
  if (suffix === 'ion' && !/[st]$/.test(rest)) return word;
  return measure(rest) > 1 ? rest : word;
}

function tidy(word: string): string {
  let result = word;
  if (result.endsWith('e')) {
    const rest = result.slice(0, -1);
    if (measure(rest) > 1 || (measure(rest) === 1 && !endsShort(rest))) result = rest;
  }
  return measure(result) > 1 && result.endsWith('ll') ? result.slice(0, -1) : result;
}
