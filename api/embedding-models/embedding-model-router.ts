import { pageBody, POSITION, readPage } from '#api/http/page.ts';
import type { Mount } from '#api/http/routes.ts';
import * as contracts from './embedding-model-endpoints.ts';
import type { EmbeddingModelService, ShownModel } from './embedding-model-service.ts';
import { embeddingModelView, refusedView } from './embedding-model-view.ts';

export function mountEmbeddingModels(mount: Mount, models: EmbeddingModelService): void {
  const reply = (status: number, shown: ShownModel) => ({
    status,
    body: { data: embeddingModelView(shown) },
  });
  mount(contracts.listEmbeddingModels, async ({ query }) => {
    const list = ['embedding-models'];
    const page = await models.list(readPage(query, list, POSITION));
    return { status: 200, body: pageBody(page, list, embeddingModelView) };
  });
  mount(contracts.registerEmbeddingModel, async ({ body, actor, signal }) => {
    const { base_url: baseUrl, ...model } = body;
    const placed = { ...model, baseUrl: baseUrl?.replace(/\/+$/, '') ?? null };
    return reply(201, await models.register(placed, actor, signal));
  });
  mount(contracts.rollbackEmbeddingModel, async ({ query, actor }) =>
    reply(200, await models.rollback(query.accept_refused, actor)),
  );
  mount(contracts.listRefusedTexts, async ({ params, query }) => {
    const list = ['refused texts', params.id];
    const page = await models.refused(params.id, readPage(query, list));
    return { status: 200, body: pageBody(page, list, refusedView) };
  });
  mount(contracts.getEmbeddingModel, async ({ params }) => reply(200, await models.get(params.id)));
  mount(contracts.buildEmbeddingModel, async ({ params, actor }) =>
    reply(202, await models.build(params.id, actor)),
  );
  mount(contracts.activateEmbeddingModel, async ({ params, query, actor }) =>
    reply(200, await models.activate(params.id, query.accept_refused, actor)),
  );
  mount(contracts.dropEmbeddingModel, async ({ params, actor }) =>
    reply(202, await models.drop(params.id, actor)),
  );
}
