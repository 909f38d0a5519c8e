import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * What others bring along for the same work. Installed for the benchmark alone, in a folder of its own and without running any
 * script of theirs; never a dependency of the product.
 */
const PACKAGES = {
  '@langchain/community': '1.1.29',
  '@langchain/core': '1.4.0',
  '@langchain/textsplitters': '1.0.2',
  '@mastra/core': '1.71.0',
  '@mastra/pg': '1.27.1',
  '@mastra/rag': '2.6.4',
  'js-tiktoken': '1.0.21',
  pg: '8.23.1',
  zod: '4.1.12',
};

/** A folder to install to once, for several suites. @param kept the folder that a suite keeps */
export function installPeers(kept: string): string {
  const folder = join(kept, '../peers');
  const manifest = JSON.stringify({ private: true, dependencies: PACKAGES }, null, 2);
  const file = join(folder, 'package.json');
  const mark = join(folder, 'installed');
  if (existsSync(mark) && readFileSync(file, 'utf8') === manifest) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, manifest);
  const options = ['--ignore-scripts', '--legacy-peer-deps', '--omit=optional', '--no-audit', '--no-fund'];
  execFileSync('npm', ['install', ...options], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(mark, '');
  return folder;
}

/** Loads a package of that folder. */
export function loadPeer<T>(folder: string, name: string): T {
  return createRequire(join(folder, 'package.json'))(name) as T;
}

export const versionOf = (name: keyof typeof PACKAGES): string => `${name} ${PACKAGES[name]}`;

interface TextSplitter {
  splitText(text: string): Promise<string[]>;
}

export interface LangchainSplitters {
  readonly TokenTextSplitter: new (options: {
    readonly chunkSize: number;
    readonly chunkOverlap: number;
  }) => TextSplitter & { tokenizer: unknown };
  readonly RecursiveCharacterTextSplitter: new (options: {
    readonly chunkSize: number;
    readonly chunkOverlap: number;
    readonly lengthFunction: (text: string) => number;
  }) => TextSplitter;
}

/**
 * LangChain's splitters with the tokens of cl100k_base. The one by tokens would fetch the encoding from the net; js-tiktoken has
 * the same one with it. The recursive one counts with the tokeniser that the product has, which is quicker.
 */
export function langchainSplitters(
  folder: string,
  countTokens: (text: string) => number,
  size: { readonly sizeTokens: number; readonly overlapTokens: number },
): { readonly byTokens: TextSplitter; readonly recursive: TextSplitter } {
  const { TokenTextSplitter, RecursiveCharacterTextSplitter } = loadPeer<LangchainSplitters>(
    folder,
    '@langchain/textsplitters',
  );
  const { getEncoding } = loadPeer<{ readonly getEncoding: (name: string) => unknown }>(
    folder,
    'js-tiktoken',
  );
  const options = { chunkSize: size.sizeTokens, chunkOverlap: size.overlapTokens };
  const byTokens = new TokenTextSplitter(options);
  byTokens.tokenizer = getEncoding('cl100k_base');
  return {
    byTokens,
    recursive: new RecursiveCharacterTextSplitter({ ...options, lengthFunction: countTokens }),
  };
}
