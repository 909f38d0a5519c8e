import { dictionary } from '@zxcvbn-ts/language-common';
import { AppError } from '#shared/errors/app-error.ts';

/** Words of this product (ASVS 5.0 6.1.2); they make a password no harder to guess. */
export const PRODUCT_WORDS = ['donkey', 'workspace', 'donkeyworkspace'];

export interface PasswordRules {
  /** @throws AppError auth.password_weak with a pointer to the field */
  assertStrong(password: string, owner: PasswordOwner, pointer: string): void;
}

export interface PasswordOwner {
  readonly username: string;
  readonly email: string;
}

/** Rows of keys and letters along which lazy passwords run. */
const RUNS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'yxcvbnm',
];

/**
 * Refuses passwords of leaks and of no thought: the list of zxcvbn-ts holds some 49,000 from breaches, of which about
 * 18,000 have 8 characters or more (ASVS 5.0 6.2.4, 6.2.11, 6.2.12).
 */
export function createPasswordRules(): PasswordRules {
  const common = new Set(dictionary['passwords-common'].map((word) => word.toLowerCase()));
  return {
    assertStrong: (password, owner, pointer) => {
      const reason = weakness(password.normalize('NFC').toLowerCase(), contextOf(owner), common);
      if (reason !== undefined)
        throw new AppError('auth.password_weak', {
          detail: `The password ${reason}.`,
          errors: [{ pointer, code: 'password.weak', message: `must not be guessable: it ${reason}` }],
        });
    },
  };
}

function weakness(
  password: string,
  context: readonly string[],
  common: ReadonlySet<string>,
): string | undefined {
  const bare = password.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
  const stem = bare.replace(/^\d+|\d+$/g, '');
  if ([password, bare, stem].some((word) => common.has(word))) return 'is among the most common ones';
  if (new Set(password).size <= 3 || isRepeated(password)) return 'repeats itself';
  if (isRun(bare)) return 'runs along the keyboard or the alphabet';
  const rest = withoutWords(bare, context);
  if (rest !== bare && (letters(rest) < 4 || common.has(rest)))
    return 'is made of the name of its owner or of this product';
  return undefined;
}

const letters = (text: string): number => Array.from(text.replace(/[^\p{L}]/gu, '')).length;

/** "abcabcabc" is as good as "abc". */
const isRepeated = (text: string): boolean => /^(.{1,4})\1+$/su.test(text);

const isRun = (text: string): boolean =>
  RUNS.some((run) => {
    const backwards = Array.from(run).reverse().join('');
    return text.length >= 6 && (run.repeat(2).includes(text) || backwards.repeat(2).includes(text));
  });

/** Names and their parts, longest first; parts below three characters would be found anywhere. */
function contextOf({ username, email }: PasswordOwner): string[] {
  const [local = '', domain = ''] = email.toLowerCase().split('@');
  const words = [username.toLowerCase(), email.toLowerCase(), local, domain, domain.split('.')[0] ?? ''];
  const parts = words.flatMap((word) => word.split(/[^\p{L}\p{N}]+/u));
  return [...new Set([...words, ...parts, ...PRODUCT_WORDS])]
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length);
}

function withoutWords(text: string, words: readonly string[]): string {
  const rest = words.reduce((left, word) => left.replaceAll(word, ''), text);
  return rest.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
}
