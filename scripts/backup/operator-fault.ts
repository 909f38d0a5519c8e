/** Why a command cannot go on, for the person who ran it. */
export class OperatorFault extends Error {
  override readonly name = 'OperatorFault';
  /** What to do about it. */
  readonly remedy: string;

  constructor(reason: string, remedy: string, options?: ErrorOptions) {
    super(reason, options);
    this.remedy = remedy;
  }
}

/** Runs a command; a failure is said with its remedy, and makes the exit code 1. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const remedy =
      error instanceof OperatorFault ? error.remedy : 'see the reason; nothing was left half-done';
    process.stderr.write(`\nFAILED\n  reason: ${reasonOf(error)}\n  remedy: ${remedy}\n`);
    process.exitCode = 1;
  }
}

/** Connection errors of several addresses arrive together, with the reasons inside. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join(', ');
  return error instanceof Error ? error.message : String(error);
}

export const step = (text: string): void => void process.stdout.write(`      ${text}\n`);
export const ok = (text: string): void => step(`ok: ${text}`);
