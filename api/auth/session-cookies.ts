import type { Cookies } from '#api/http/cookies.ts';
import type { SessionTokens } from './session-service.ts';

/** For how long a browser is remembered, in seconds: a year, less than the 400 days browsers allow. */
const DEVICE_TTL_SECONDS = 365 * 86_400;

/** The Set-Cookie values of a session's life. */
export interface SessionCookies {
  loggedIn(tokens: SessionTokens, deviceToken: string): string[];
  refreshed(tokens: SessionTokens): string[];
  /** The known device stays known. */
  loggedOut(): string[];
}

export function createSessionCookies(cookies: Cookies): SessionCookies {
  const refreshed = ({ access, refresh }: SessionTokens): string[] => [
    cookies.write(cookies.sessionName, access.token, access.ttlSeconds),
    cookies.write(cookies.refreshName, refresh.token, refresh.ttlSeconds),
  ];
  return {
    refreshed,
    loggedIn: (tokens, deviceToken) => [
      ...refreshed(tokens),
      cookies.write(cookies.deviceName, deviceToken, DEVICE_TTL_SECONDS),
      cookies.clear(cookies.preSessionName),
    ],
    loggedOut: () => [cookies.clear(cookies.sessionName), cookies.clear(cookies.refreshName)],
  };
}
