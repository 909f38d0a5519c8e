import { createTransport } from 'nodemailer';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer extends Disposable {
  /** Hands a mail to the server; rejects after ten seconds without an answer at the latest step. */
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
      await transport.sendMail({ from: options.from, to: { name: '', address: to }, subject, text });
    },
    [Symbol.dispose]: () => transport.close(),
  };
}
