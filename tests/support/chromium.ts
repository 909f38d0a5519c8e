import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Json } from './http-client.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of a Chromium of this host, or undefined where there is none. */
export const findChromium = (): string | undefined =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));

/** One page of a real browser without a window. */
export interface BrowserPage extends AsyncDisposable {
  /** What the browser complained of: refused by a policy, not loaded, thrown. */
  readonly complaints: readonly string[];
  /** Addresses of everything that was asked for. */
  readonly requests: readonly string[];
  open(url: string): Promise<void>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<Json>;
  /** Loses a cookie, as when its time is over; scripts cannot touch those of a session. */
  loseCookie(url: string, name: string): Promise<void>;
  /** PNG of what can be seen. */
  screenshot(): Promise<Buffer>;
}

/** Starts the browser with a profile of its own and speaks its DevTools protocol. */
export async function openBrowser(program: string): Promise<BrowserPage> {
  await using stack = new AsyncDisposableStack();
  const profile = mkdtempSync(join(tmpdir(), 'donkey-browser-'));
  stack.defer(() => rmSync(profile, { recursive: true, force: true, maxRetries: 5 }));
  const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-extensions'];
  const port = '--remote-debugging-port=0';
  const size = '--window-size=1280,900';
  const browser = spawn(program, [...flags, port, size, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  stack.defer(async () => {
    if (browser.exitCode !== null) return;
    const closed = once(browser, 'close');
    browser.kill('SIGKILL');
    await closed;
  });
  const address = await debuggingAddress(browser.stderr);
  const targets = (await (await fetch(`http://${new URL(address).host}/json/list`)).json()) as Json[];
  const socket = new WebSocket(targets.find(({ type }) => type === 'page').webSocketDebuggerUrl as string);
  stack.defer(() => socket.close());
  await once(socket, 'open');
  const page = await watchPage(socket);
  const owned = stack.move();
  return { ...page, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function debuggingAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  const seen: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    const address = /DevTools listening on (\S+)/.exec(line)?.[1];
    if (address !== undefined) {
      stderr.resume();
      return address;
    }
    seen.push(line);
  }
  throw new Error(`the browser has not started: ${seen.join('\n')}`);
}

async function watchPage(socket: WebSocket): Promise<Omit<BrowserPage, typeof Symbol.asyncDispose>> {
  const waiting = new Map<number, (answer: Json) => void>();
  const complaints: string[] = [];
  const requests: string[] = [];
  let loaded = Promise.withResolvers<undefined>();
  const listeners: Readonly<Record<string, (params: Json) => void>> = {
    'Page.loadEventFired': () => loaded.resolve(undefined),
    'Network.requestWillBeSent': ({ request }) => requests.push(request.url),
    'Log.entryAdded': ({ entry }) => complaints.push(`${entry.level}: ${entry.text} ${entry.url ?? ''}`),
    'Runtime.exceptionThrown': ({ exceptionDetails }) => complaints.push(JSON.stringify(exceptionDetails)),
    'Runtime.consoleAPICalled': ({ type, args }) => {
      if (['error', 'warning', 'assert'].includes(type)) complaints.push(`${type}: ${JSON.stringify(args)}`);
    },
    // Hints about forms and the like are not of interest.
    'Audits.issueAdded': ({ issue }) => {
      if (/Policy|Cors|Blocked|MixedContent/.test(issue.code as string))
        complaints.push(JSON.stringify(issue));
    },
  };
  socket.addEventListener('message', ({ data }) => {
    const message: Json = JSON.parse(String(data));
    waiting.get(message.id)?.(message);
    listeners[message.method]?.(message.params);
  });
  let last = 0;
  const send = async (method: string, params: object = {}): Promise<Json> => {
    const id = ++last;
    const answer = new Promise<Json>((resolve) => waiting.set(id, resolve));
    socket.send(JSON.stringify({ id, method, params }));
    const { error, result } = await answer;
    waiting.delete(id);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };
  for (const domain of ['Page', 'Network', 'Log', 'Runtime', 'Audits']) await send(`${domain}.enable`);
  return {
    complaints,
    requests,
    open: async (url) => {
      loaded = Promise.withResolvers<undefined>();
      await send('Page.navigate', { url });
      await loaded.promise;
    },
    evaluate: async (expression) => {
      const options = { expression, returnByValue: true, awaitPromise: true };
      const { result, exceptionDetails } = await send('Runtime.evaluate', options);
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    loseCookie: async (url, name) => {
      await send('Network.deleteCookies', { url, name });
    },
    screenshot: async () =>
      Buffer.from((await send('Page.captureScreenshot', { format: 'png' })).data, 'base64'),
  };
}
