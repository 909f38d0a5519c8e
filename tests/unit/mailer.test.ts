import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { AppError } from '#shared/errors/app-error.ts';
import { createLogger } from '#shared/logging/logger.ts';
import { createMailer } from '#shared/mail/mailer.ts';
import { createMetrics } from '#shared/metrics/metrics.ts';
import { createCircuitBreaker } from '#shared/net/circuit-breaker.ts';
import { startSmtpServer } from '#tests/support/smtp-server.ts';
import { waitFor } from '#tests/support/wait-for.ts';

const logger = createLogger({ level: 'silent', service: 'test' });
const mail = { to: 'somebody@example.org', subject: 'Hay', text: 'There is hay.' };

function open(smtpUrl: string) {
  const breaker = createCircuitBreaker({
    service: 'mail',
    metrics: createMetrics('test'),
    logger,
    failures: 2,
    pauseMs: 50,
  });
  return createMailer({ smtpUrl, from: 'donkey@example.org', requireTls: false, breaker });
}

/** A server that says one thing to everybody and hangs up. */
async function startCurtServer(line: string) {
  let callers = 0;
  const server = createServer((socket) => {
    callers += 1;
    socket.on('error', () => undefined);
    socket.end(line);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callers: () => callers,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

test('a mail server that is down is left alone after some failures, and tried again by itself', async () => {
  await using curt = await startCurtServer('421 closing\r\n');
  using mailer = open(curt.url);
  const failed = (error: unknown): boolean => error instanceof AppError && error.code === 'mail.unavailable';
  for (let failure = 1; failure <= 2; failure++) await assert.rejects(mailer.send(mail), failed);
  const before = curt.callers();
  await assert.rejects(mailer.send(mail), (error: unknown) => failed(error) && (error as AppError).waits);
  assert.equal(curt.callers(), before, 'nobody called it');
  await waitFor(() => mailer.send(mail).catch(() => curt.callers() > before), { description: 'another try' });
});

test('a mail that is refused says nothing about the server', async () => {
  await using curt = await startCurtServer('554 not you\r\n');
  using mailer = open(curt.url);
  for (let refusal = 1; refusal <= 4; refusal++)
    await assert.rejects(mailer.send(mail), (error: unknown) => !(error instanceof AppError));
  assert.equal(curt.callers(), 4);
});

test('a mail goes out', async () => {
  await using smtp = await startSmtpServer();
  using mailer = open(smtp.url);
  await mailer.send(mail);
  assert.deepEqual(smtp.mails, [{ to: mail.to, text: smtp.mails[0]?.text }]);
  assert.match(smtp.mails[0]?.text ?? '', /There is hay\./);
});
