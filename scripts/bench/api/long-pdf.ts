import { makePdf } from '#tests/support/fixtures/pdf-files.ts';
import type { HttpClient } from '#tests/support/http-client.ts';
import { accepted, endOfJob } from '#tests/support/ingestion.ts';
import type { Figure } from '../suite.ts';

const PAGES = 100;
const MOST_SECONDS = 30;

/** From the upload of a PDF of 100 pages until all of it can be searched, and the embedding alone. */
export async function measureLongPdf(client: HttpClient, assistantId: string): Promise<Figure[]> {
  const pages = Array.from(
    { length: PAGES },
    (_, page) => `Page ${page}. ${`The donkey ${page} walks over the hill and eats. `.repeat(40)}`,
  );
  const file = { name: 'long.pdf', bytes: await makePdf({ pages }) };
  const started = performance.now();
  const uploaded = await client.upload('documents', { assistant_id: assistantId }, file);
  const { documentId, jobId } = accepted(uploaded);
  const { status } = (await endOfJob(client, jobId)) as { status: string };
  if (status !== 'succeeded') throw new Error(`the PDF of ${PAGES} pages: ${status}`);
  const seconds = (performance.now() - started) / 1000;
  const progress = await client.get(`documents/${documentId}/progress`);
  const embed = (progress.body as { data: { stages: readonly Stage[] } }).data.stages.find(
    ({ stage }) => stage === 'embed',
  );
  const embedding = (Date.parse(embed?.finished_at ?? '') - Date.parse(embed?.started_at ?? '')) / 1000;
  const common = {
    unit: 's',
    better: 'lower',
    bar: { of: 'value', atMost: MOST_SECONDS },
  } as const;
  return [
    { ...common, name: `PDF of ${PAGES} pages, embedding`, value: embedding, note: 'builtin embedder' },
    {
      ...common,
      name: `PDF of ${PAGES} pages, until searchable`,
      value: seconds,
      note: 'with upload, extraction and the check by search',
    },
  ];
}

interface Stage {
  readonly stage: string;
  readonly started_at: string;
  readonly finished_at: string;
}
