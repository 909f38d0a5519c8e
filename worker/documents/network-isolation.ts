import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Words to put before a command so that it runs without any network; empty where this host does not permit that. */
export type NetworkIsolation = readonly string[];

const UNSHARE_FILES = ['/usr/bin/unshare', '/bin/unshare'];

/** As root, and for everybody else in a user namespace of its own, which some hosts forbid. */
const WAYS: readonly (readonly string[])[] = [['--net'], ['--user', '--net']];
const PROBE_TIMEOUT_MS = 5_000;

/**
 * Finds out how a process can be started in a network namespace of its own, in which there is nothing to connect to.
 * `unshare` (util-linux) becomes the command it starts, so the process id stays the same.
 *
 * @param files where `unshare` may be
 */
export async function findNetworkIsolation(
  files: readonly string[] = UNSHARE_FILES,
): Promise<NetworkIsolation> {
  const unshare = files.find((file) => existsSync(file));
  if (unshare === undefined) return [];
  for (const way of WAYS)
    if (await succeeds(unshare, [...way, '--', process.execPath, '--version']))
      return [unshare, ...way, '--'];
  return [];
}

function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env: {}, cwd: '/', stdio: 'ignore', timeout: PROBE_TIMEOUT_MS });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}
