/** Loopback names of the own port are one origin to a developer, so outside production they are all allowed. */
export function allowedOrigins(publicUrl: string, more: readonly string[], environment: string): string[] {
  const own = new URL(publicUrl);
  const origins = [own.origin, ...more.map((url) => new URL(url).origin)];
  if (environment !== 'production')
    for (const name of ['127.0.0.1', 'localhost', '[::1]'])
      origins.push(new URL(`http://${name}:${own.port}`).origin);
  return [...new Set(origins)];
}
