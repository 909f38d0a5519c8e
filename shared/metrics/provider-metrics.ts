import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { FAST, SLOW } from './buckets.ts';

/** Calls of models, and what stands between them and the product. */
export interface ProviderMetrics {
  readonly embedderCalls: Counter<'provider' | 'outcome'>;
  readonly embedderDuration: Histogram<'provider' | 'outcome'>;
  readonly embedderTexts: Counter<'provider'>;
  readonly embedderTokens: Counter<'provider'>;
  readonly completerCalls: Counter<'provider' | 'outcome'>;
  readonly completerDuration: Histogram<'provider' | 'outcome'>;
  readonly completerTokens: Counter<'provider' | 'kind'>;
  readonly breakerOpen: Gauge<'service'>;
  readonly breakerState: Gauge<'service' | 'state'>;
}

export const providerMetrics = (registers: Registry[]): ProviderMetrics => ({
  ...embedderMetrics(registers),
  ...completerMetrics(registers),
  breakerOpen: new Gauge({
    name: 'donkey_breaker_open',
    help: '1 while the circuit breaker of a service is open.',
    labelNames: ['service'],
    registers,
  }),
  breakerState: new Gauge({
    name: 'donkey_breaker_state',
    help: '1 for the state in which the circuit breaker of a service is: closed, half-open or open.',
    labelNames: ['service', 'state'],
    registers,
  }),
});

function embedderMetrics(registers: Registry[]) {
  return {
    embedderCalls: new Counter({
      name: 'donkey_embedder_calls_total',
      help: 'Calls of the embedder.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    embedderDuration: new Histogram({
      name: 'donkey_embedder_call_duration_seconds',
      help: 'Time of one call of the embedder.',
      labelNames: ['provider', 'outcome'],
      buckets: FAST,
      registers,
    }),
    embedderTexts: new Counter({
      name: 'donkey_embedder_texts_total',
      help: 'Texts embedded.',
      labelNames: ['provider'],
      registers,
    }),
    embedderTokens: new Counter({
      name: 'donkey_embedder_tokens_total',
      help: 'Tokens that the provider says it has embedded; not all of them say so.',
      labelNames: ['provider'],
      registers,
    }),
  } as const;
}

function completerMetrics(registers: Registry[]) {
  return {
    completerCalls: new Counter({
      name: 'donkey_completer_calls_total',
      help: 'Answers asked of the completer, by how they ended.',
      labelNames: ['provider', 'outcome'],
      registers,
    }),
    completerDuration: new Histogram({
      name: 'donkey_completer_call_duration_seconds',
      help: 'Time from asking the completer to the end of its answer.',
      labelNames: ['provider', 'outcome'],
      buckets: SLOW,
      registers,
    }),
    completerTokens: new Counter({
      name: 'donkey_completer_tokens_total',
      help: 'Tokens of prompts and answers.',
      labelNames: ['provider', 'kind'],
      registers,
    }),
  } as const;
}
