import type { Database } from '#db/database.ts';
import type { NamedSources } from '#db/queries/find-provenance.ts';
import { AppError } from '#shared/errors/app-error.ts';
import type { ErrorCode } from '#shared/errors/error-catalog.ts';

const UNKNOWN: Readonly<Record<keyof NamedSources, ErrorCode>> = {
  conversationId: 'conversation.not_found',
  messageId: 'message.not_found',
  documentId: 'document.not_found',
  parentMemoryId: 'memory.not_found',
};

/**
 * What a memory is said to come from must be its owner's own.
 *
 * @throws AppError conversation.not_found, message.not_found, document.not_found, memory.not_found
 */
export async function assertOwnSources(
  read: Pick<Database['read'], 'provenance'>,
  userId: string,
  named: { readonly [K in keyof NamedSources]?: string | null },
): Promise<void> {
  const sources: NamedSources = {
    conversationId: named.conversationId ?? null,
    messageId: named.messageId ?? null,
    documentId: named.documentId ?? null,
    parentMemoryId: named.parentMemoryId ?? null,
  };
  if (Object.values(sources).every((id) => id === null)) return;
  const found = await read.provenance.find(userId, sources);
  for (const name of Object.keys(UNKNOWN) as (keyof NamedSources)[])
    if (sources[name] !== null && !found[name]) throw new AppError(UNKNOWN[name]);
}
