import { type KeyboardEvent, type RefObject, useId, useLayoutEffect, useRef, useState } from 'react';
import { parseQuery } from '#shared/query/parse.ts';
import { hiddenCharacters } from '#shared/util/hidden-characters.ts';
import { IconButton } from './button.tsx';
import { Icon } from './icon.tsx';
import { escapedText } from './log-text.ts';
import { QueryHelp } from './query-help.tsx';
import { type Completions, useCompletion } from './use-completion.ts';
import './query-bar.css';

interface QueryBarProps {
  /** The query in force. */
  readonly query: string;
  /** Called with a query that parses, on Enter. */
  readonly onQuery: (query: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Text as it is being written; it starts anew when another query comes into force. */
interface Draft {
  readonly of: string;
  readonly text: string;
  readonly caret: number;
  /** Set by typing: completion shows, and problems wait until the text is meant to be finished. */
  readonly typing: boolean;
}

/** Writes a query: completion at the caret, problems marked where they stand. */
export function QueryBar({ query, onQuery, input }: QueryBarProps) {
  const id = useId();
  const [kept, setDraft] = useState<Draft>({ of: query, text: query, caret: 0, typing: false });
  const draft = kept.of === query ? kept : { of: query, text: query, caret: query.length, typing: false };
  const [chosen, setChosen] = useState(-1);
  const [help, setHelp] = useState(false);
  const [focused, setFocused] = useState(false);
  const completions = useCompletion(draft.text, draft.caret, focused && draft.typing);
  const { options } = completions;
  const open = focused && draft.typing && options.length > 0;
  const current = Math.min(chosen, options.length - 1);
  const parsed = parseQuery(draft.text);
  const problem = 'problem' in parsed && !draft.typing ? parsed.problem : null;
  const hidden = draft.text.match(hiddenCharacters) ?? [];

  // An accepted completion puts the caret behind itself.
  useLayoutEffect(() => {
    if (
      input.current !== null &&
      document.activeElement === input.current &&
      input.current.value === draft.text
    ) {
      if (input.current.selectionStart !== draft.caret && draft.typing) {
        input.current.setSelectionRange(draft.caret, draft.caret);
      }
    }
  }, [input, draft.text, draft.caret, draft.typing]);

  const accept = (at: number): void => {
    const option = options[at];
    if (option === undefined) return;
    const inserted = completions.kind === 'field' ? option.text : `${option.text} `;
    const rest = draft.text.slice(completions.to);
    const text = draft.text.slice(0, completions.from) + inserted + rest.replace(/^ /, '');
    setDraft({ of: query, text, caret: completions.from + inserted.length, typing: true });
    setChosen(-1);
  };
  const submit = (): void => {
    setDraft({ ...draft, typing: false });
    if (!('problem' in parsed)) onQuery(draft.text.trim());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (open && event.key === 'ArrowDown') setChosen((current + 1) % options.length);
    else if (open && event.key === 'ArrowUp') setChosen((current <= 0 ? options.length : current) - 1);
    else if (open && event.key === 'Tab' && !event.shiftKey) accept(Math.max(0, current));
    else if (open && event.key === 'Enter' && current >= 0) accept(current);
    else if (event.key === 'Enter') submit();
    else if (event.key === 'Escape' && open) setDraft({ ...draft, typing: false });
    else if (event.key === 'Escape' && draft.text !== query) {
      setDraft({ of: query, text: query, caret: query.length, typing: false });
    } else if (event.key === 'Escape') event.currentTarget.blur();
    else if (!open && (event.key === 'ArrowDown' || (event.key === ' ' && event.ctrlKey))) {
      setDraft({ ...draft, caret: event.currentTarget.selectionStart ?? draft.text.length, typing: true });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <search className="query-bar">
      <div className={problem === null ? 'query-box' : 'query-box wrong'}>
        <Icon name="filter" />
        <div className="query-text">
          {problem === null ? null : (
            <QueryMarks text={draft.text} from={problem.from} to={problem.to} input={input} />
          )}
          <input
            ref={input}
            type="text"
            role="combobox"
            aria-label="Query"
            aria-expanded={open}
            aria-controls={open ? `${id}list` : undefined}
            aria-activedescendant={open && current >= 0 ? `${id}${current}` : undefined}
            aria-invalid={problem === null ? undefined : true}
            aria-describedby={problem === null ? undefined : `${id}problem`}
            placeholder="Filter: outcome:deny action:s3:* -ip:10.0.0.0/8"
            spellCheck={false}
            autoComplete="off"
            value={draft.text}
            onChange={({ target }) => {
              setChosen(-1);
              setDraft({
                of: query,
                text: target.value,
                caret: target.selectionStart ?? target.value.length,
                typing: true,
              });
            }}
            onFocus={() => setFocused(true)}
            onBlur={() => {
              setFocused(false);
              setDraft({ ...draft, typing: false });
            }}
            onKeyDown={onKeyDown}
          />
        </div>
        {hidden.length === 0 ? null : (
          <button
            type="button"
            className="query-hidden"
            title={`What stands here does not look like what it is: ${escapedText(draft.text)}`}
            onClick={() => {
              const text = draft.text.replaceAll(hiddenCharacters, '');
              setDraft({ of: query, text, caret: text.length, typing: false });
              input.current?.focus();
            }}
          >
            Remove {hidden.length} hidden
          </button>
        )}
        {draft.text === '' ? null : (
          <IconButton
            icon="close"
            label="Clear the query"
            onClick={() => {
              setDraft({ of: query, text: '', caret: 0, typing: false });
              onQuery('');
            }}
          />
        )}
        <IconButton icon="help" label="How queries are written" onClick={() => setHelp(true)} />
      </div>
      {open ? <Options id={id} completions={completions} current={current} onAccept={accept} /> : null}
      {problem === null ? null : (
        <p id={`${id}problem`} role="alert" className="query-problem">
          {problem.message}
        </p>
      )}
      {help ? <QueryHelp onClose={() => setHelp(false)} /> : null}
    </search>
  );
}

interface OptionsProps {
  readonly id: string;
  readonly completions: Completions;
  readonly current: number;
  readonly onAccept: (at: number) => void;
}

const headings = { field: 'Fields', value: 'Values, most frequent first', operator: 'Operators' } as const;

function Options({ id, completions, current, onAccept }: OptionsProps) {
  return (
    <div className="query-options">
      <p className="query-heading" aria-hidden="true">
        {headings[completions.kind]} <span>Tab takes the first</span>
      </p>
      <div id={`${id}list`} role="listbox" aria-label={headings[completions.kind]}>
        {completions.options.map(({ text, note }, at) => (
          // The input has the keys (combobox pattern).
          // oxlint-disable-next-line jsx-a11y/interactive-supports-focus
          <div
            key={text}
            id={`${id}${at}`}
            role="option"
            aria-selected={at === current}
            className="query-option"
            onPointerDown={(event) => {
              // The focus stays in the input.
              event.preventDefault();
              onAccept(at);
            }}
          >
            <span className="mono">{text}</span>
            {note === null ? null : <span className="query-note">{note}</span>}
          </div>
        ))}
      </div>
    </div>
  );
}

interface QueryMarksProps {
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly input: RefObject<HTMLInputElement | null>;
}

/** Underlines the problem: the same text behind the input's own, scrolled with it. */
function QueryMarks({ text, from, to, input }: QueryMarksProps) {
  const marks = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = input.current;
    if (element === null) return undefined;
    const follow = (): void => {
      if (marks.current !== null) marks.current.scrollLeft = element.scrollLeft;
    };
    follow();
    element.addEventListener('scroll', follow);
    return () => element.removeEventListener('scroll', follow);
  }, [input]);
  return (
    <div ref={marks} className="query-marks" aria-hidden="true">
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </div>
  );
}
