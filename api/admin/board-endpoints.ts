import { etagHeader } from '#api/http/conditional-get.ts';
import { defineEndpoint } from '#api/http/endpoint.ts';

const file = (more: {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
  readonly contentType: string;
  readonly example: string;
}) => {
  const { contentType, example, ...rest } = more;
  return defineEndpoint({
    ...rest,
    method: 'GET',
    unversioned: true,
    tag: 'admin',
    auth: 'public',
    responses: { 200: { description: 'The file.', contentType, headers: etagHeader, example } },
    example: {},
  });
};

export const getBoard = file({
  path: '/admin/board',
  operationId: 'getBoard',
  summary: 'Watch the queues in a browser',
  description:
    'A page for administrators, who log in there. It holds no data itself: its script reads listQueues and listDeadLetters, and changes nothing.',
  contentType: 'text/html',
  example: '<!doctype html>…',
});
export const getBoardScript = file({
  path: '/admin/board/board.js',
  operationId: 'getBoardScript',
  summary: 'Get the script of the board',
  description: 'The page of the board names it.',
  contentType: 'text/javascript',
  example: 'void watch();',
});
export const getBoardStyle = file({
  path: '/admin/board/board.css',
  operationId: 'getBoardStyle',
  summary: 'Get the style sheet of the board',
  description: 'The page of the board names it.',
  contentType: 'text/css',
  example: 'body { margin: 0 }',
});
