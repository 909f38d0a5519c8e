import { BlockList, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import type { Logger } from '#shared/logging/logger.ts';
import type { Metrics } from '#shared/metrics/metrics.ts';
import { clientKey, networkOf } from './client-network.ts';
import { createTokenBuckets, perMinuteLimits } from './token-buckets.ts';

/**
 * The outermost line against floods. Refusing a request costs a hundred times as much as closing a connection, so whoever
 * goes on and on after being refused is not listened to for some seconds. Connections that stand already, such as those of
 * others at the same address, are left alone, and so is every address of a trusted proxy, behind which there are many
 * clients.
 */
export interface ConnectionGuard {
  /** For the server's event `connection`: ends it when its address is not listened to. */
  readonly meet: (socket: Socket) => void;
  /** Notes a request that was refused. */
  readonly note: (socket: Socket) => void;
  /** Whether the address of this connection is not listened to. */
  readonly isShut: (socket: Socket) => boolean;
}

export interface ConnectionGuardOptions {
  /** Addresses or networks of reverse proxies. */
  readonly proxies: readonly string[];
  /** Refused requests that one address may make in a minute, a sixth of them at once. */
  readonly perMinute: number;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly now?: () => number;
}

/** For how long an address is not listened to. */
const SHUT_MS = 5_000;

export function createConnectionGuard(options: ConnectionGuardOptions): ConnectionGuard {
  const { perMinute, logger, metrics, now = () => performance.now() } = options;
  const buckets = createTokenBuckets({ ...perMinuteLimits(perMinute), now });
  const shutUntil = new Map<string, number>();
  const isProxy = matcherOf(options.proxies);
  const addressOf = ({ remoteAddress }: Socket): string | undefined =>
    remoteAddress === undefined || isProxy(remoteAddress) ? undefined : remoteAddress;
  const isShut = (socket: Socket): boolean => {
    if (shutUntil.size === 0) return false;
    const address = addressOf(socket);
    return address !== undefined && (shutUntil.get(clientKey(address)) ?? 0) > now();
  };
  const shut = (address: string): void => {
    const time = now();
    for (const [other, until] of shutUntil) if (until <= time) shutUntil.delete(other);
    shutUntil.set(clientKey(address), time + SHUT_MS);
    logger.warn({ network: networkOf(address) ?? undefined, ms: SHUT_MS }, 'an address is not listened to');
  };
  return {
    isShut,
    meet: (socket) => {
      if (!isShut(socket)) return;
      metrics.connectionsRefused.inc();
      socket.resetAndDestroy();
    },
    note: (socket) => {
      const address = addressOf(socket);
      if (address === undefined || isShut(socket)) return;
      const key = clientKey(address);
      buckets.charge(key, 1);
      if (buckets.secondsUntilFree(key) > 0) shut(address);
    },
  };
}

function matcherOf(networks: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
