import type { SettingName } from './settings.ts';

/** What helps operators to look closer. */
export interface DiagnosticsConfig {
  /** How long SIGUSR2 has a process log from `debug` on. */
  readonly debugMinutes: number;
}

/** @param get value of a setting, of the type its schema produces */
export const diagnosticsConfig = (get: <T>(name: SettingName) => T): DiagnosticsConfig => ({
  debugMinutes: get('LOG_DEBUG_MINUTES'),
});
