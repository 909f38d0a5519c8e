import { randomBytes } from 'node:crypto';
import { createValueSigner } from './signed-values.ts';

/** A browser in which somebody has logged in before. */
export interface KnownDevice {
  readonly id: string;
  readonly userId: string;
}

export interface DeviceTokens {
  /** @param id of the device, if it has one already */
  make(userId: string, id?: string): string;
  /** Undefined for whatever we did not make. */
  verify(token: string | undefined): KnownDevice | undefined;
}

const TOKEN = /^([A-Za-z0-9_-]{22})\.([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/;

/**
 * Device cookies (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"): they prove an earlier login of this
 * user and grant nothing but a count of failures of their own.
 */
export function createDeviceTokens(seeds: readonly string[]): DeviceTokens {
  const signer = createValueSigner(seeds, 'donkey known device v1');
  return {
    make: (userId, id = randomBytes(16).toString('base64url')) =>
      `${id}.${userId}.${signer.sign(id, userId)}`,
    verify: (token) => {
      const [, id, userId, mac] = TOKEN.exec(token ?? '') ?? [];
      if (id === undefined || userId === undefined || mac === undefined) return undefined;
      return signer.verify(mac, id, userId) ? { id, userId } : undefined;
    },
  };
}
