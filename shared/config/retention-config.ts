import type { SettingName, Values } from './settings.ts';

/** For how many days it is kept what has happened; 0 is as long as the account. */
export interface RetentionConfig {
  readonly jobDays: number;
  readonly auditDays: number;
  readonly retrievalDays: number;
}

type Get = <T>(name: SettingName) => T;

/** The database gives no younger events away (`refuse_audit_change`). */
const LEAST_AUDIT_DAYS = 90;

export const retentionConfig = (get: Get): RetentionConfig => ({
  jobDays: get('JOB_RETENTION_DAYS'),
  auditDays: get('AUDIT_RETENTION_DAYS'),
  retrievalDays: get('RETRIEVAL_RETENTION_DAYS'),
});

export function retentionFaults(values: Values): string[] {
  const days = values.AUDIT_RETENTION_DAYS as number | undefined;
  return days !== undefined && days > 0 && days < LEAST_AUDIT_DAYS
    ? [`AUDIT_RETENTION_DAYS: must be 0 or at least ${LEAST_AUDIT_DAYS}`]
    : [];
}
