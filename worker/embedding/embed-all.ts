import { AppError } from '#shared/errors/app-error.ts';

/** Vectors of what could be embedded, and why the rest could not; both by id. */
export interface EmbeddedTexts {
  readonly vectors: ReadonlyMap<string, Float32Array>;
  readonly refused: ReadonlyMap<string, AppError>;
}

/** Whatever a model says to this shows whether it takes any text at all. */
const PROBE = 'Donkeys dislike rain.';

/**
 * Embeds texts in one call. Where a provider refuses it, it is asked for a text that is beyond reproach: if that is taken, the
 * fault is that of some of the texts, and they are tried one by one.
 *
 * @throws Error of the provider, unless it refuses some of the texts and not others
 */
export async function embedAll(
  texts: readonly { readonly id: string; readonly text: string }[],
  embed: (texts: string[]) => Promise<Float32Array[]>,
): Promise<EmbeddedTexts> {
  const vectors = new Map<string, Float32Array>();
  const refused = new Map<string, AppError>();
  if (texts.length === 0) return { vectors, refused };
  const add = async (batch: typeof texts): Promise<void> => {
    const made = await embed(batch.map(({ text }) => text));
    batch.forEach(({ id }, index) => vectors.set(id, made[index] as Float32Array));
  };
  try {
    await add(texts);
  } catch (error) {
    const [only] = texts;
    if (!isRefusal(error) || only === undefined) throw error;
    await embed([PROBE]);
    if (texts.length === 1) return { vectors, refused: refused.set(only.id, error) };
    for (const text of texts)
      await add([text]).catch((fault: unknown) => {
        if (!isRefusal(fault)) throw fault;
        refused.set(text.id, fault);
      });
  }
  return { vectors, refused };
}

const isRefusal = (error: unknown): error is AppError =>
  error instanceof AppError && error.code === 'embedding.rejected';
