import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { matchesGlob } from 'node:path';
import { suite, test } from 'node:test';
import { DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { importedBy } from '#tests/support/imported-modules.ts';

const text = readFileSync('Dockerfile', 'utf8');
const dockerfile = DockerfileParser.parse(text);
const { dependencies, devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

/** What a container runs, each with what it starts by path. */
const programs = [
  'api/main.ts',
  'worker/main.ts',
  'worker/documents/pdf-child.ts',
  'scripts/manage.ts',
  'scripts/services/healthcheck.ts',
];

interface Line {
  readonly keyword: string;
  readonly words: string;
}
const lines: Line[] = dockerfile.getInstructions().map((instruction) => ({
  keyword: instruction.getKeyword(),
  words: instruction.getArgumentsContent() ?? '',
}));
const allOf = (keyword: string): string[] =>
  lines.filter((line) => line.keyword === keyword).map(({ words }) => words);

/** The instructions of the last stage alone, which is what is shipped. */
const shipped = lines.slice(lines.findLastIndex(({ keyword }) => keyword === 'FROM'));

/** Rules of .dockerignore as Docker reads them: the last one that fits decides. */
function isLeftOut(path: string): boolean {
  let leftOut = false;
  for (const line of readFileSync('.dockerignore', 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const isException = line.startsWith('!');
    const pattern = isException ? line.slice(1) : line;
    if (pattern === '*' || matchesGlob(path, pattern) || matchesGlob(path, `${pattern}/**`))
      leftOut = !isException;
  }
  return leftOut;
}

suite('the Dockerfile', () => {
  test('is understood by the builder', () => {
    assert.deepEqual(
      validate(text).map(({ message, range }) => `line ${range.start.line + 1}: ${message as string}`),
      [],
    );
  });

  test('starts from one version of Node, the one that everything is tested with', () => {
    const [base = ''] = allOf('ARG');
    assert.equal(base, `NODE_IMAGE=node:${devDependencies.node}-bookworm-slim`);
    assert.deepEqual(
      allOf('FROM').filter((words) => !words.startsWith('${NODE_IMAGE}')),
      [],
    );
  });

  test('installs packages by version, without what they recommend, and leaves no lists behind', () => {
    for (const command of allOf('RUN')) {
      assert.doesNotMatch(
        command,
        /\bsudo\b|\b(?:curl|wget)\b|apt-get (?:dist-)?upgrade|\bapt (?:install|update)/,
      );
      if (/npm (?:ci|install)/.test(command)) assert.match(command, /npm ci --omit=dev --ignore-scripts/);
      const [, installed] = /apt-get install ([^&]+)/.exec(command) ?? [];
      if (installed === undefined) continue;
      assert.match(command, /apt-get update.*apt-get install.*rm -rf \/var\/lib\/apt\/lists/s);
      assert.match(installed, /--no-install-recommends/);
      const names = installed.split(/[\s\\]+/).filter((word) => word !== '' && !word.startsWith('-'));
      for (const name of names) assert.match(name, /=/, `${name} has no version`);
    }
  });

  test('ships a process without rights over its own files', () => {
    const users = shipped.filter(({ keyword }) => keyword === 'USER');
    assert.match(users.at(-1)?.words ?? '', /^[1-9]\d*:[1-9]\d*$/);
    const [last] = shipped.toReversed().filter(({ keyword }) => ['RUN', 'COPY', 'USER'].includes(keyword));
    assert.equal(last?.keyword, 'USER', 'nothing is built after the change of user');
    assert.deepEqual(allOf('ADD'), []);
    for (const words of allOf('COPY')) assert.doesNotMatch(words, /--chown/);
    for (const words of allOf('WORKDIR')) assert.match(words, /^\//);
  });

  test('says what to run as words, so that signals arrive, and how to see that it works', () => {
    for (const keyword of ['ENTRYPOINT', 'CMD']) {
      const [words = '', ...more] = shipped.filter((line) => line.keyword === keyword);
      assert.deepEqual(more, [], keyword);
      assert.doesNotThrow(() => JSON.parse((words as Line).words) as unknown, keyword);
    }
    assert.match(allOf('ENTRYPOINT')[0] ?? '', /"tini"/);
    assert.match(
      allOf('HEALTHCHECK')[0] ?? '',
      /CMD \["node", "scripts\/services\/healthcheck\.ts", "api"\]/,
    );
  });

  test('tells what it is by the labels of OCI', () => {
    const labels = allOf('LABEL').join(' ');
    for (const name of ['title', 'description', 'licenses', 'version', 'revision'])
      assert.match(labels, new RegExp(`org\\.opencontainers\\.image\\.${name}=`));
  });

  test('ships every module and package that its programs load, and no tests', () => {
    const { files, packages } = importedBy(programs);
    assert.ok(files.size > 300 && packages.size > 30, `${files.size} files, ${packages.size} packages`);
    const copied = shipped
      .filter(({ keyword, words }) => keyword === 'COPY' && !words.startsWith('--from'))
      .flatMap(({ words }) => words.split(/\s+/).slice(0, -1));
    for (const file of files) {
      assert.ok(
        copied.some((path) => file === path || file.startsWith(`${path}/`)),
        `${file} is not copied`,
      );
      assert.ok(!isLeftOut(file), `${file} is left out by .dockerignore`);
    }
    for (const file of ['api/admin/board/board.html', 'api/admin/board/board.js', 'api/docs/viewer/start.js'])
      assert.ok(!isLeftOut(file), `${file} is read while running, and left out by .dockerignore`);
    for (const name of packages) assert.ok(name in dependencies, `${name} is not there in production`);
    for (const path of [
      'tests/ops/dockerfile.test.ts',
      'scripts/test.sh',
      '.env',
      '.git/config',
      'secrets/x',
    ])
      assert.ok(isLeftOut(path), path);
  });
});
