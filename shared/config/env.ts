import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { settings } from './settings.ts';
import type { Setting, SettingName } from './settings.ts';

/** Raw texts by setting name; what was not set or was empty is absent. */
export type Env = Partial<Record<SettingName, string>>;

/**
 * Reads the declared settings from the process environment. The only place that touches `process.env`.
 * A secret may lie in a file instead, as the secrets of containers do: of the setting NAME, NAME_FILE names it.
 *
 * @returns the raw texts, unchecked, without white space around them; empty values count as absent.
 * @throws ConfigError naming every file that cannot be read, and every secret that is given twice
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): Env {
  const env: Env = {};
  const faults: string[] = [];
  for (const [name, setting] of Object.entries(settings) as [SettingName, Setting][]) {
    const value = given(source[name]);
    const path = setting.secret === true ? given(source[`${name}_FILE`]) : undefined;
    if (value !== undefined && path !== undefined)
      faults.push(`${name} and ${name}_FILE are both set: keep one of them`);
    const text = path === undefined ? value : given(readSecret(`${name}_FILE`, path, faults));
    if (text !== undefined) env[name] = text;
  }
  if (faults.length > 0) throw new ConfigError(faults);
  return env;
}

function given(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === '' ? undefined : trimmed;
}

function readSecret(name: string, path: string, faults: string[]): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    faults.push(`${name}: ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
    return undefined;
  }
}

/** Loads `.env` of the working directory into the environment where the file exists; set variables win. */
export function loadEnvFile(path = '.env'): void {
  try {
    process.loadEnvFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
