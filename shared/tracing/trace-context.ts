import { randomBytes } from 'node:crypto';

/** Where in a trace something happens, in the terms of W3C Trace Context. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits. */
  readonly spanId: string;
  /** Whether somebody records the trace. */
  readonly sampled: boolean;
  /** What tracing systems along the way have added, passed on as it came; empty when there is nothing. */
  readonly state: string;
}

/** The headers, and the columns of a job, by which a trace goes on elsewhere. */
export interface TraceHeaders {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** Version, trace, parent and flags; a later version may add something behind another dash. */
const PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const SAMPLED = 1;

/**
 * Reads `traceparent` and `tracestate` (W3C Trace Context, 3.2 and 3.3). A higher version than 00 is read as far as 00 goes.
 *
 * @returns undefined when there is no `traceparent` or it cannot be read: then a new trace begins
 */
export function parseTrace(
  parent: string | null | undefined,
  state: string | null | undefined,
): TraceContext | undefined {
  const found = PARENT.exec(parent?.trim() ?? '');
  if (found === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = found;
  if (version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (isZero(traceId) || isZero(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED;
  return { traceId, spanId, sampled, state: readState(state ?? '') };
}

const isZero = (id: string): boolean => /^0+$/.test(id);

const KEY = '[a-z][a-z0-9_*/-]{0,255}|[a-z0-9][a-z0-9_*/-]{0,240}@[a-z][a-z0-9_*/-]{0,13}';
const MEMBER = new RegExp(
  `^(?:${KEY})=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{0,255}[\\x21-\\x2b\\x2d-\\x3c\\x3e-\\x7e]$`,
);
const MOST_MEMBERS = 32;
/** What everybody has to pass on at least; members that do not fit are left out from the end. */
export const LONGEST_STATE = 512;

/** Empty when it cannot be read: half of it would be passed on as if it were all. */
function readState(text: string): string {
  const members = text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.split('=', 1)[0]));
  if (members.length > MOST_MEMBERS || keys.size < members.length) return '';
  if (!members.every((member) => MEMBER.test(member))) return '';
  while (members.join(',').length > LONGEST_STATE) members.pop();
  return members.join(',');
}

/** A trace that begins here; nobody is known to record it. */
export const newTrace = (): TraceContext => ({
  traceId: randomBytes(16).toString('hex'),
  spanId: newSpanId(),
  sampled: false,
  state: '',
});

export const newSpanId = (): string => randomBytes(8).toString('hex');

/** How a trace is told to whoever goes on with it. */
export function traceHeaders({ traceId, spanId, sampled, state }: TraceContext): TraceHeaders {
  const traceparent = `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
  return state === '' ? { traceparent } : { traceparent, tracestate: state };
}
