import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalizePageText } from '#worker/documents/normalize-page-text.ts';
import { parsePdfMessage } from '#worker/documents/pdf-messages.ts';

const pages: [string, string, string][] = [
  ['line ends', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
  ['a divided word', 'Übungsauf\uFFFEgaben', 'Übungsaufgaben'],
  ['a divided word with an accent', 'ré\uFFFEélection', 'réélection'],
  ['a name with a hyphen', 'Schwarz\uFFFEWeiß', 'Schwarz-Weiß'],
  ['numbers with a hyphen', '2019\uFFFE2021', '2019-2021'],
  ['a marker that is no hyphen', 'i = 1 \uFFFE\r\nU', 'i = 1 \nU'],
  ['two markers', 'a\uFFFE\uFFFEb', 'ab'],
  ['NUL', 'a\0b', 'ab'],
  ['unpaired surrogates', 'a\ud800b\udc00c', 'abc'],
  ['pairs', 'a👩b', 'a👩b'],
  ['spaces and capitals', '  A  b\t', '  A  b\t'],
];
for (const [name, raw, text] of pages)
  test(`page text, ${name}: ${JSON.stringify(raw)}`, () => assert.equal(normalizePageText(raw), text));

test('messages of the PDF process are read', () => {
  for (const message of [
    { type: 'open', pages: 3 },
    { type: 'page', page: 1, text: 'a\nb' },
    { type: 'failed', page: 2 },
    { type: 'fault', fault: 'password' },
    { type: 'end' },
  ])
    assert.deepEqual(parsePdfMessage(JSON.stringify(message)), message);
});

for (const line of [
  '',
  'hello',
  'null',
  '[]',
  '{}',
  '{"type":"open","pages":-1}',
  '{"type":"page","page":1}',
  '{"type":"fault","fault":"toString"}',
])
  test(`no message of the PDF process: ${line}`, () => assert.equal(parsePdfMessage(line), undefined));
