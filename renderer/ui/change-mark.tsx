import type { ChangeKind } from '#shared/domain/drift.ts';
import { kindWords } from './change-words.ts';
import './change-mark.css';

/** A sign each, beside its word. */
export const changeSigns: Readonly<Record<ChangeKind, string>> = {
  gained: '+',
  widened: '▲',
  'condition-changed': '◇',
  narrowed: '▼',
  lost: '−',
  'path-changed': '↷',
};

export function ChangeMark({ kind }: { readonly kind: ChangeKind }) {
  return (
    <span className={`change ${kind}`}>
      <span aria-hidden="true" className="change-sign">
        {changeSigns[kind]}
      </span>
      {kindWords(kind)}
    </span>
  );
}
