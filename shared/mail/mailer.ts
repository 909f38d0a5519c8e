import { createTransport } from 'nodemailer';
import { AppError } from '../errors/app-error.ts';
import type { CircuitBreaker } from '../net/circuit-breaker.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer extends Disposable {
  /**
   * Hands a mail to the server; rejects after ten seconds without an answer at the latest step.
   *
   * @throws AppError mail.unavailable when the server cannot be reached, at once while its breaker is open; what the server
   *   says where it refuses a mail
   */
  send(mail: Mail): Promise<void>;
}

const TIMEOUT_MS = 10_000;

/**
 * Sends plain text by SMTP.
 *
 * @param options.requireTls refuse servers that do not encrypt
 */
export function createMailer(options: {
  readonly smtpUrl: string;
  readonly from: string;
  readonly requireTls: boolean;
  readonly breaker: CircuitBreaker;
}): Mailer {
  const transport = createTransport({
    url: options.smtpUrl,
    requireTLS: options.requireTls && !options.smtpUrl.startsWith('smtps:'),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // The text of a mail is text: it can name neither files nor addresses to include.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text }) => {
      // As an object, an address is never parsed into several.
      const mail = { from: options.from, to: { name: '', address: to }, subject, text };
      await options.breaker.run(() => transport.sendMail(mail).catch(throwOutage));
    },
    [Symbol.dispose]: () => transport.close(),
  };
}

/** A server that answers, if only to refuse, is no outage; 421 says that it is closing (RFC 5321, 3.8). */
function throwOutage(error: unknown): never {
  const code = (error as { responseCode?: unknown }).responseCode;
  if (typeof code === 'number' && code !== 421) throw error;
  throw new AppError('mail.unavailable', { cause: error });
}
