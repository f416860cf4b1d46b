import { complete } from '#shared/query/complete.ts';
import { fieldNamed } from '#shared/query/fields.ts';
import { quoteValue } from '#shared/query/format.ts';
import { useRequest } from '../state/use-request.ts';

export interface CompletionOption {
  /** What is put into the query. */
  readonly text: string;
  /** What a field holds. */
  readonly note: string | null;
}

export interface Completions {
  readonly from: number;
  readonly to: number;
  readonly kind: 'field' | 'value' | 'operator';
  readonly options: readonly CompletionOption[];
}

const mostOptions = 12;

/** What may stand at the caret; values come from the case, the most frequent first. Asks nothing while inactive. */
export function useCompletion(text: string, caret: number, active: boolean): Completions {
  const { from, to, kind, field, prefix, candidates } = complete(text, caret);
  const asks = active && kind === 'value' && field !== undefined && candidates === undefined;
  const { value, loading } = useRequest(
    'query.values',
    asks ? { field, prefix: prefix.slice(0, 200), limit: mostOptions } : null,
  );
  const texts = candidates ?? (loading ? [] : (value ?? []).map(quoteValue));
  const written = text.slice(from, to);
  const options = texts
    .slice(0, mostOptions)
    .map((option) => ({ text: option, note: kind === 'field' ? noteOf(option) : null }));
  // What is already there whole needs no completion.
  const isDone = options.length === 1 && options[0]?.text === written;
  return { from, to, kind, options: isDone ? [] : options };
}

function noteOf(option: string): string | null {
  return fieldNamed(option.slice(0, -1))?.description ?? null;
}
