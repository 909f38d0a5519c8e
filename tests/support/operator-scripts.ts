import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Env } from '#shared/config/env.ts';

export interface ScriptEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Variables that only the scripts read. */
type ScriptEnv = Env & { readonly ADMIN_DATABASE_URL?: string; readonly PG_BIN?: string };

/** Runs a script of the project as an operator does who stands somewhere else; nobody can be asked. */
export async function runScript(name: string, args: readonly string[], env: ScriptEnv): Promise<ScriptEnd> {
  const { PATH, HOME } = process.env;
  const child = spawn(fileURLToPath(new URL(`../../scripts/${name}`, import.meta.url)), args, {
    cwd: tmpdir(),
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}

/** The same for scripts that must succeed. @throws Error with what it wrote */
export async function runGoodScript(name: string, args: readonly string[], env: ScriptEnv): Promise<string> {
  const { code, stdout, stderr } = await runScript(name, args, env);
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
