import { AppError } from '#shared/errors/app-error.ts';
import { expectedVersion, isUnchanged, taggedHeaders } from '#api/http/conditional-get.ts';
import { pageBody, POSITION, readPage } from '#api/http/page.ts';
import type { Reply, UploadedFile } from '#api/http/endpoint.ts';
import type { Mount } from '#api/http/routes.ts';
import type { ResourceVersionReader } from '#db/queries/resource-versions.ts';
import { jobView } from '#api/jobs/job-view.ts';
import { listAssistantDocuments } from './assistant-documents-endpoints.ts';
import * as contracts from './document-endpoints.ts';
import { replaceDocument, uploadDocument } from './upload-endpoints.ts';
import type { IngestFields, TextBody, UploadForm } from './upload-endpoints.ts';
import type { DocumentService, Ingestion, NewFile } from './document-service.ts';
import { chunkView, documentView, stagesView } from './document-view.ts';

export function mountDocuments(
  mount: Mount,
  documents: DocumentService,
  versions: ResourceVersionReader,
): void {
  mount(uploadDocument, async ({ user, body, actor }) =>
    ingestionReply(await documents.upload(user.id, 'text' in body ? textFile(body) : formFile(body), actor)),
  );
  mount(contracts.listDocuments, async ({ user, query }) => {
    const { assistant_id: assistant, status } = query;
    const list = ['documents', user.id, assistant, status];
    const filters = { ...(assistant && { assistant }), ...(status && { status }) };
    const page = await documents.list(user.id, filters, readPage(query, list));
    return { status: 200, body: pageBody(page, list, documentView) };
  });
  mount(listAssistantDocuments, async ({ user, params, query }) => {
    const list = ['documents of', user.id, params.id, query.status];
    const filters = query.status === undefined ? {} : { status: query.status };
    const page = await documents.listOf(user.id, params.id, filters, readPage(query, list));
    return { status: 200, body: pageBody(page, list, documentView) };
  });
  mount(
    contracts.getDocument,
    async ({ user, params }) => {
      const document = await documents.get(user.id, params.id);
      return { status: 200, headers: taggedHeaders(document), body: { data: documentView(document) } };
    },
    ({ user, params }) => versions.findById('documents', user.id, params.id),
  );
  mount(contracts.updateDocument, async ({ user, params, ifMatch, body, actor }) => {
    const version = expectedVersion(ifMatch, await documents.get(user.id, params.id));
    const document = await documents.update(user.id, params.id, body, version, actor);
    return { status: 200, headers: taggedHeaders(document), body: { data: documentView(document) } };
  });
  mount(contracts.deleteDocument, async ({ user, params, ifMatch, actor }) => {
    const version = expectedVersion(ifMatch, await documents.get(user.id, params.id));
    await documents.remove(user.id, params.id, version, actor);
    return { status: 204 };
  });
  mount(contracts.retryDocument, async ({ user, params, query, actor }) =>
    ingestionReply(await documents.retry(user.id, params.id, query.priority, actor)),
  );
  mount(contracts.embedDocument, async ({ user, params, actor }) =>
    ingestionReply(await documents.embed(user.id, params.id, actor)),
  );
  mount(contracts.getDocumentProgress, async ({ user, params }) => ({
    status: 200,
    body: { data: ingestionView(await documents.progress(user.id, params.id)) },
  }));
  mount(contracts.listChunks, async ({ user, params, query }) => {
    const list = ['chunks', user.id, params.id];
    const page = await documents.chunks(user.id, params.id, readPage(query, list, POSITION));
    return { status: 200, body: pageBody(page, list, chunkView) };
  });
  mount(contracts.downloadDocument, async ({ user, params, ifNoneMatch }) => {
    const { sha256 } = await documents.get(user.id, params.id);
    const tag = { ETag: `"${sha256}"`, 'Cache-Control': 'private, no-cache' };
    if (isUnchanged(ifNoneMatch, tag.ETag)) return { status: 304, headers: tag };
    const { filename, bytes } = await documents.content(user.id, params.id);
    return {
      status: 200,
      headers: {
        ...tag,
        // As declared; a text type would be given a character set, which the bytes may not have.
        'Content-Type': 'application/octet-stream',
        'Content-Length': bytes.length,
        'Content-Disposition': attachment(filename),
        // Whatever the bytes are, a browser must not run them as a page of this origin.
        'Content-Security-Policy': "sandbox; default-src 'none'",
      },
      stream: [bytes],
    };
  });
  mount(replaceDocument, async ({ user, params, ifMatch, body, actor }) => {
    const version = expectedVersion(ifMatch, await documents.get(user.id, params.id));
    const file = 'text' in body ? { bytes: Buffer.from(body.text, 'utf8') } : uploaded(body.file);
    const replacement = { ...file, ...ingestOf(body) };
    return ingestionReply(await documents.replace(user.id, params.id, replacement, version, actor));
  });
  mount(contracts.getDocumentText, async ({ user, params }) => ({
    status: 200,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: await documents.text(user.id, params.id),
  }));
}

function textFile({ text, title, assistant_id: assistantId, tags, ...how }: TextBody): NewFile {
  return {
    ...ingestOf(how),
    assistantId,
    title,
    tags,
    filename: `${title}.txt`,
    bytes: Buffer.from(text, 'utf8'),
  };
}

function formFile({
  file,
  title,
  assistant_id: assistantId,
  tags,
  ...how
}: UploadForm & { file: UploadedFile | undefined }): NewFile {
  return { ...ingestOf(how), assistantId, title, tags, ...uploaded(file) };
}

function uploaded(file: UploadedFile | undefined): { filename: string; bytes: Buffer } {
  if (file === undefined) throw new AppError('document.file_missing');
  return { filename: file.name, bytes: file.bytes };
}

const ingestOf = ({ priority, webhook_url: webhookUrl }: IngestFields) => ({
  priority,
  webhookUrl,
});

const ingestionView = ({ document, job, revision }: Ingestion) => ({
  document: documentView(document),
  job: job && jobView(job),
  stages: stagesView(revision),
});

function ingestionReply(ingestion: Ingestion): Reply {
  const body = { data: ingestionView(ingestion) };
  if (!ingestion.accepted || ingestion.job === null) return { status: 200, body };
  return { status: 202, headers: { Location: `/api/v1/jobs/${ingestion.job.job.id}` }, body };
}

/** RFC 6266: an ASCII name for old readers, and the real one by RFC 8187. */
function attachment(filename: string): string {
  const ascii = filename.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(filename).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
