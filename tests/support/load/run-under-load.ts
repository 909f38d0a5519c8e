import { startBenchStage } from '#scripts/bench/bench-stage.ts';
import { driveAtRate } from './drive.ts';
import type { LoadReport } from './drive.ts';
import { mixedLoad } from './mixed-load.ts';
import { openWorkspace } from './open-workspace.ts';
import { watchStatements } from './statement-times.ts';
import type { StatementTimes } from './statement-times.ts';
import type { WorkspaceSize } from './workspace-rows.ts';

export interface UnderLoad {
  readonly report: LoadReport;
  /** Undefined where the server has not loaded pg_stat_statements. */
  readonly statements: StatementTimes | undefined;
}

/** Sends the mixed load to an API and a worker in processes of their own, each user so many requests a second. */
export async function runUnderLoad(
  load: WorkspaceSize & {
    readonly users: number;
    readonly perUserAndSecond: number;
    readonly seconds: number;
  },
): Promise<UnderLoad> {
  await using stage = await startBenchStage();
  const clients = await openWorkspace(stage.api, stage.database, load);
  await stage.startWorker();
  const watch = await watchStatements(stage.database);
  const report = await driveAtRate({
    origin: stage.api.url,
    clients: clients.length,
    seconds: load.seconds,
    warmUpSeconds: load.seconds / 4,
    perSecond: clients.length * load.perUserAndSecond,
    next: mixedLoad(clients, 1),
  });
  return { report, statements: await watch?.read() };
}
