import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import typescript from 'typescript';

const { preProcessFile } = typescript;

/** What a program loads, directly or not. */
export interface Imports {
  /** Files of the product, from the root of the checkout. */
  readonly files: ReadonlySet<string>;
  /** Names of packages. */
  readonly packages: ReadonlySet<string>;
}

const TYPES_ALONE = /^(?:import|export) type [^;]+;/gm;
const RESOLVED = /\bimport\.meta\.resolve\('([^']+)'\)/g;

/** What a module names: imports of every kind, and files of packages that it asks for by `import.meta.resolve`. */
function specifiersOf(file: string): string[] {
  const text = readFileSync(file, 'utf8').replace(TYPES_ALONE, '');
  return [
    ...preProcessFile(text).importedFiles.map(({ fileName }) => fileName),
    ...[...text.matchAll(RESOLVED)].map(([, name = '']) => name),
  ];
}

/** Follows the imports of `entries`; those of types alone, which Node leaves out, are not followed. */
export function importedBy(entries: readonly string[]): Imports {
  const files = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    for (const specifier of specifiersOf(file)) {
      if (specifier.startsWith('node:') || builtinModules.includes(specifier)) continue;
      if (specifier.startsWith('#')) follow(specifier.slice(1));
      else if (specifier.startsWith('.')) follow(join(dirname(file), specifier));
      else packages.add(packageOf(specifier));
    }
  };
  for (const entry of entries) follow(entry);
  return { files, packages };
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
