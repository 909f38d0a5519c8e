import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Scripts and style sheets of the viewer, by the names under which they are served. */
const SOURCES = {
  'swagger-ui.js': import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js'),
  'swagger-ui.css': import.meta.resolve('swagger-ui-dist/swagger-ui.css'),
  'start.js': new URL('./viewer/start.js', import.meta.url).href,
  'viewer.css': new URL('./viewer/viewer.css', import.meta.url).href,
} as const;

export type ViewerFile = keyof typeof SOURCES;

export const viewerScripts = ['swagger-ui.js', 'start.js'] as const satisfies readonly ViewerFile[];
export const viewerStyles = ['swagger-ui.css', 'viewer.css'] as const satisfies readonly ViewerFile[];

export interface ViewerFiles {
  /** Changes with any byte of any file, so that browsers may keep what they have under it for good. */
  readonly version: string;
  readonly read: (name: ViewerFile) => Buffer;
  readonly addressOf: (name: ViewerFile) => string;
}

/** Reads the files of the viewer, which come with the packages: nothing is loaded from elsewhere. */
export function readViewerFiles(): ViewerFiles {
  const names = Object.keys(SOURCES) as ViewerFile[];
  const files = new Map(names.map((name) => [name, readFileSync(new URL(SOURCES[name]))]));
  const hash = createHash('sha256');
  for (const bytes of files.values()) hash.update(bytes);
  const version = hash.digest('hex').slice(0, 16);
  return {
    version,
    read: (name) => files.get(name) ?? Buffer.alloc(0),
    addressOf: (name) => `/docs/${name.endsWith('.js') ? 'scripts' : 'styles'}/${version}/${name}`,
  };
}
