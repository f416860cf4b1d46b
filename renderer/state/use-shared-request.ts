import { useCallback, useSyncExternalStore } from 'react';
import type { InputOf, OperationName, OutputOf } from '#shared/ipc/contract.ts';
import type { Failure, Result } from '#shared/util/result.ts';
import type { PageBridge } from '../bridge/bridge.ts';
import { useConsole } from './context.ts';
import { type Loaded, useRevision } from './use-request.ts';

/** What there is of an answer, and the state of the case that it is of. */
interface Snapshot {
  readonly revision: string | null;
  readonly value: unknown;
  readonly error: Failure | null;
  readonly loading: boolean;
}

const nothing: Snapshot = { revision: null, value: null, error: null, loading: true };
const unasked: Snapshot = { ...nothing, loading: false };

/** One question's latest answer, for all who show it. */
class SharedAnswer {
  #snapshot = nothing;
  readonly #listeners = new Set<() => void>();

  get isShown(): boolean {
    return this.#listeners.size > 0;
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  listen(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async ask(revision: string, request: () => Promise<Result<unknown>>): Promise<void> {
    const before = this.#snapshot;
    // The last answer stays in sight unless it is another case's.
    const value = caseOf(before.revision) === caseOf(revision) ? before.value : null;
    this.#set({ revision, value, error: null, loading: true });
    const result = await request();
    // A newer state of the case has been asked about.
    if (this.#snapshot.revision !== revision) return;
    this.#set(
      result.ok
        ? { revision, value: result.value, error: null, loading: false }
        : { revision, value, error: result.error, loading: false },
    );
  }

  #set(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}

/** As many as are looked through by hand. */
const keptAnswers = 60;

const shared = new WeakMap<PageBridge, Map<string, SharedAnswer>>();

/**
 * As `useRequest`, for answers that cost much or that several parts show: asked once for each state of the case, and
 * kept while another view is shown. A null input asks nothing.
 */
export function useSharedRequest<K extends OperationName>(
  name: K,
  input: InputOf<K> | null,
): Loaded<OutputOf<K>> {
  const { bridge } = useConsole();
  const revision = useRevision();
  const text = input === null ? null : JSON.stringify(input);

  const ask = useCallback(async () => {
    if (text === null) return;
    const request = (): Promise<Result<unknown>> => bridge.request(name, JSON.parse(text) as InputOf<K>);
    await answerTo(bridge, name, text).ask(revision, request);
  }, [bridge, name, text, revision]);
  const subscribe = useCallback(
    (listener: () => void) => {
      if (text === null) return () => undefined;
      const answer = answerTo(bridge, name, text);
      const stop = answer.listen(listener);
      if (answer.snapshot.revision !== revision) void ask();
      return stop;
    },
    [bridge, name, text, revision, ask],
  );
  const kept = useSyncExternalStore(subscribe, () =>
    text === null ? unasked : answerTo(bridge, name, text).snapshot,
  );
  const snapshot = text === null || caseOf(kept.revision) === caseOf(revision) ? kept : nothing;
  return {
    value: snapshot.value as OutputOf<K> | null,
    error: snapshot.error,
    loading: snapshot.loading,
    reload: useCallback(() => void ask(), [ask]),
  };
}

function answerTo(bridge: PageBridge, name: string, text: string): SharedAnswer {
  let answers = shared.get(bridge);
  if (answers === undefined) shared.set(bridge, (answers = new Map()));
  const key = `${name} ${text}`;
  let answer = answers.get(key);
  if (answer === undefined) {
    answers.set(key, (answer = new SharedAnswer()));
    forgetOldest(answers);
  }
  return answer;
}

/** Each identity and each pair of bundles is a question of its own: what nobody shows is not kept for ever. */
function forgetOldest(answers: Map<string, SharedAnswer>): void {
  for (const [key, answer] of answers) {
    if (answers.size <= keptAnswers) return;
    if (!answer.isShown) answers.delete(key);
  }
}

/** The case that a revision is one of. */
function caseOf(revision: string | null): string | undefined {
  return revision?.split(' ')[0];
}
