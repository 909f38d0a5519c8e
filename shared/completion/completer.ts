import type { ProviderCredential } from '../net/provider-request.ts';

/** One turn of what a model is given. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Something that an answer may quote, under the number by which it is cited. */
export interface Passage {
  readonly n: number;
  readonly text: string;
}

export interface CompletionRequest {
  readonly messages: readonly ChatMessage[];
  /** What is asked and what may be quoted, for a completer that has no model to read `messages`. */
  readonly question: string;
  readonly passages: readonly Passage[];
  /** Fewer than the setting allows, where the caller needs fewer. */
  readonly maxTokens?: number;
}

export interface CompleteOptions {
  /** Asked for instead of the model of the settings; completers without a model take no notice of it. */
  readonly model?: string | null | undefined;
  /** Used instead of the operator's key; completers without a provider take no notice of it. */
  readonly credential?: ProviderCredential | undefined;
  /** Ends the call at once; what is awaited then rejects with the signal's reason. */
  readonly signal: AbortSignal;
}

export interface TokenUsage {
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** Counted here because the provider did not say. */
  readonly estimated: boolean;
}

/** What is known of an answer once it is complete. */
export interface CompletionEnd {
  readonly provider: string;
  /** Null for a completer without a model. */
  readonly model: string | null;
  readonly usage: TokenUsage;
  /** `length`: the answer was cut off at the most tokens there may be. */
  readonly finish: 'stop' | 'length';
}

export interface Completion extends CompletionEnd {
  readonly text: string;
}

/** Answers from a list of messages: with a model its own words, without one quotations only. */
export interface Completer {
  readonly provider: string;
  /** False when answers are put together from quotations; a summary is then better made by ranking sentences. */
  readonly usesModel: boolean;
  /**
   * Yields the answer in pieces as they come and returns what is known at the end. Leaving the loop ends the call.
   *
   * @throws AppError completion.unavailable, completion.throttled, completion.rejected; with a credential also
   *   credential.rejected, credential.base_url_forbidden
   */
  stream(
    request: CompletionRequest,
    options: CompleteOptions,
  ): AsyncGenerator<string, CompletionEnd, undefined>;
  /** The whole answer in one call; throws as `stream` does. */
  complete(request: CompletionRequest, options: CompleteOptions): Promise<Completion>;
}
