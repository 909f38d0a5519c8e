import { settings } from './settings.ts';
import type { SettingName } from './settings.ts';

/** Raw texts by setting name; what was not set or was empty is absent. */
export type Env = Partial<Record<SettingName, string>>;

/**
 * Reads the declared settings from the process environment. The only place that touches `process.env`.
 *
 * @returns the raw texts, unchecked; empty values count as absent.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const env: Env = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const value = source[name]?.trim();
    if (value !== undefined && value !== '') env[name] = value;
  }
  return env;
}

/** Loads `.env` of the working directory into the environment where the file exists; set variables win. */
export function loadEnvFile(path = '.env'): void {
  try {
    process.loadEnvFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
