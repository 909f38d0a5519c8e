import { pageBody, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import * as contracts from './admin-endpoints.ts';
import { deadLetterView, fullAttemptView, queueView } from './admin-view.ts';
import type { DeadLetterService } from './dead-letter-service.ts';
import type { QueueService } from './queue-service.ts';

export function mountAdmin(
  mount: Mount,
  { deadLetters, queues }: { readonly deadLetters: DeadLetterService; readonly queues: QueueService },
): void {
  mount(contracts.listDeadLetters, async ({ query }) => {
    const { type, code, user_id: userId } = query;
    const list = ['dead-letters', type, code, userId];
    const page = await deadLetters.list({ type, code, userId }, readPage(query, list));
    return { status: 200, body: pageBody(page, list, deadLetterView) };
  });
  mount(contracts.getDeadLetter, async ({ params }) => {
    const { job, attempts } = await deadLetters.get(params.id);
    return {
      status: 200,
      body: { data: { ...deadLetterView(job), history: attempts.map(fullAttemptView) } },
    };
  });
  mount(contracts.replayDeadLetters, async ({ body, actor }) => {
    const { done, skipped } = await deadLetters.replay(body.ids, actor);
    return { status: 200, body: { data: { replayed: done, skipped } } };
  });
  mount(contracts.discardDeadLetters, async ({ body, actor }) => {
    const { done, skipped } = await deadLetters.discard(body.ids, actor);
    return { status: 200, body: { data: { discarded: done, skipped } } };
  });
  mount(contracts.listQueues, async () => ({
    status: 200,
    body: { data: (await queues.list()).map(queueView) },
  }));
}
