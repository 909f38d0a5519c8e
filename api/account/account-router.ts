import { createSessionCookies } from '#api/auth/session-cookies.ts';
import type { Cookies } from '#api/http/cookies.ts';
import type { Mount } from '#api/http/routes.ts';
import { jobView } from '#api/jobs/job-view.ts';
import * as contracts from './account-endpoints.ts';
import type { AccountService } from './account-service.ts';
import { exportView, usageView } from './account-view.ts';

export function mountAccount(mount: Mount, account: AccountService, cookies: Cookies): void {
  mount(contracts.getUsage, async ({ user }) => ({
    status: 200,
    body: { data: usageView(await account.usage(user.id)) },
  }));
  mount(contracts.exportAccount, async ({ user, actor }) => {
    const { made, job } = await account.export(user.id, actor);
    return {
      status: 202,
      headers: { Location: `/api/v1/jobs/${job.job.id}` },
      body: { data: { export: exportView(made), job: jobView(job) } },
    };
  });
  mount(contracts.listExports, async ({ user }) => ({
    status: 200,
    body: { data: (await account.exports(user.id)).map(exportView) },
  }));
  mount(contracts.downloadExport, async ({ user, params, actor }) => {
    const { size, bytes } = await account.content(user.id, params.id, actor);
    return {
      status: 200,
      headers: {
        'Content-Type': 'application/zip',
        'Content-Length': size,
        'Content-Disposition': `attachment; filename="donkey-export-${params.id}.zip"`,
      },
      stream: bytes,
    };
  });
  mount(contracts.deleteAccount, async ({ user, sessionId, body, actor }) => {
    const purgeAfter = await account.close({ userId: user.id, sessionId, actor }, body.password);
    return {
      status: 202,
      headers: { 'Set-Cookie': createSessionCookies(cookies).loggedOut() },
      body: { data: { purge_after: purgeAfter.toISOString() } },
    };
  });
}
