import type { RequestHandler } from 'express';
import type { AnyEndpoint } from './endpoint.ts';

/** Says on every answer of a deprecated operation, errors too, since when it is one and what to use instead. */
export function announceDeprecation({ deprecation }: AnyEndpoint): RequestHandler[] {
  if (deprecation === undefined) return [];
  const { since, sunset, successor } = deprecation;
  return [
    (req, res, next) => {
      const address = successor.replace(/:(\w+)/g, (_, name: string) =>
        encodeURIComponent(String(req.params[name])),
      );
      res.set({
        // RFC 9745: seconds, as a date of structured fields; RFC 8594: a date of HTTP.
        Deprecation: `@${Math.floor(since.getTime() / 1000)}`,
        Sunset: sunset.toUTCString(),
        Link: `<${address}>; rel="successor-version"`,
      });
      next();
    },
  ];
}
