import type { LogFields } from './log-fields.ts';

const SEVERITY = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
  silent: Infinity,
} as const;

export type LogLevelName = keyof typeof SEVERITY;

/** The least severe level that a process logs, which may change while it runs. */
export interface LogLevel {
  readonly name: LogLevelName;
  set(name: LogLevelName): void;
  /** Whether lines of this severity, a number of pino's, are written now. */
  admits(severity: number): boolean;
}

export function createLogLevel(usual: LogLevelName): LogLevel {
  let name = usual;
  return {
    get name() {
      return name;
    },
    set: (wanted) => {
      name = wanted;
    },
    admits: (severity) => severity >= SEVERITY[name],
  };
}

export interface DebugSignalOptions {
  readonly level: LogLevel;
  readonly logger: { info(fields: LogFields, message: string): void };
  /** How long it lasts, unless it is ended before. */
  readonly minutes: number;
}

/**
 * Lets operators look closer without a restart: SIGUSR2 has a process log from `debug` on for some minutes, and once more
 * ends it. Disposing ends it too.
 */
export function debugOnSignal({ level, logger, minutes }: DebugSignalOptions): Disposable {
  const usual = level.name;
  let timer: NodeJS.Timeout | undefined;
  const say = (fields: LogFields): void => logger.info(fields, 'the log level has changed');
  const end = (): void => {
    clearTimeout(timer);
    timer = undefined;
    // Said before it is true, for afterwards it might not be written.
    say({ log_level: usual });
    level.set(usual);
  };
  const turn = (): void => {
    if (timer !== undefined) {
      end();
      return;
    }
    const ms = minutes * 60_000;
    timer = setTimeout(end, ms).unref();
    level.set(usual === 'trace' ? 'trace' : 'debug');
    say({ log_level: level.name, until: new Date(Date.now() + ms).toISOString() });
  };
  process.on('SIGUSR2', turn);
  return {
    [Symbol.dispose]: () => {
      process.off('SIGUSR2', turn);
      clearTimeout(timer);
      level.set(usual);
    },
  };
}
