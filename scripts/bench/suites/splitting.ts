import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { splitText } from '#worker/documents/split-text.ts';
import { CHUNKING } from '../ingest/defaults.ts';
import { makeCorpus } from '../ingest/made-corpus.ts';
import { installPeers, langchainSplitters, versionOf } from '../ingest/peer-packages.ts';
import type { BenchSuite, Figure } from '../suite.ts';

const TEXTS = { quick: 10, default: 40, full: 100 };
/** The best of so many rounds counts, of each. */
const ROUNDS = 3;

/** How fast texts are split by tokens, beside LangChain's splitters with the same encoding, size and overlap. */
export const splitting: BenchSuite = {
  name: 'splitting',
  title: 'Splitting by tokens',
  run: async (context) => {
    const files = await makeCorpus({ pdfs: 0, texts: TEXTS[context.mode], notes: 0 });
    const texts = files.map(({ bytes }) => bytes.toString('utf8'));
    const megabytes = files.reduce((sum, { bytes }) => sum + bytes.length, 0) / 1e6;
    const peers = langchainSplitters(installPeers(context.kept), countTokens, CHUNKING);
    const splitters = {
      own: (text: string) => Promise.resolve(splitText(text, [], CHUNKING).map((chunk) => chunk.text)),
      byTokens: (text: string) => peers.byTokens.splitText(text),
      recursive: (text: string) => peers.recursive.splitText(text),
    };
    const best = { own: Infinity, byTokens: Infinity, recursive: Infinity };
    const chunks = { own: 0, byTokens: 0, recursive: 0 };
    const names = ['own', 'byTokens', 'recursive'] as const;
    for (let round = 0; round < ROUNDS; round++)
      for (const name of names) {
        const started = performance.now();
        chunks[name] = 0;
        for (const text of texts) chunks[name] += (await splitters[name](text)).length;
        best[name] = Math.min(best[name], (performance.now() - started) / 1000);
        context.log(`${name}: ${best[name].toFixed(2)} s, ${chunks[name]} chunks`);
      }
    const beside = (name: 'byTokens' | 'recursive', peer: string): Figure => ({
      name: `splitting, beside ${peer}`,
      value: megabytes / best.own,
      unit: 'MB/s',
      better: 'higher',
      baseline: { name: peer, value: megabytes / best[name] },
      bar: { of: 'ratio', atLeast: 3 },
    });
    return {
      figures: [
        beside('byTokens', 'TokenTextSplitter'),
        beside('recursive', 'RecursiveCharacterTextSplitter'),
      ],
      notes: [
        `${texts.length} texts of ${megabytes.toFixed(1)} MB, chunks of at most ${CHUNKING.sizeTokens} tokens of cl100k_base with ${CHUNKING.overlapTokens} repeated, the best of ${ROUNDS} rounds each. The product made ${chunks.own} chunks, TokenTextSplitter ${chunks.byTokens}, RecursiveCharacterTextSplitter ${chunks.recursive} (${versionOf('@langchain/textsplitters')}; the former with ${versionOf('js-tiktoken')}, the latter counts by gpt-tokenizer, as the product does).`,
      ],
    };
  },
};
