import { queryFields } from '#shared/query/fields.ts';
import { Dialog } from './dialog.tsx';

const forms: readonly (readonly [string, string])[] = [
  ['outcome:deny service:s3', 'Both hold; blanks join conditions'],
  ['a:x OR b:y, NOT a:x, -a:x, ( … )', 'Either, not, groups'],
  ['action:s3:*Object', '* any text, ? one character; letter case does not matter'],
  ['ip:203.0.113.0/24', 'An address or a network'],
  ['time:[2026-05-01 TO 2026-05-03]', 'A range, with its ends; { } without; > >= < <= for one end'],
  ['session.mfa:*', 'Any value; -session.mfa:* none'],
  ['"access denied"', 'Free text in any field; quotes keep words together'],
];

/** The query language on a page: its forms, and every field. */
export function QueryHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="How queries are written" onClose={onClose} size="large">
      <HelpTable head={['Form', 'Meaning']} rows={forms} />
      <HelpTable
        head={['Field', 'What it holds']}
        rows={queryFields.map(({ name, description, values }) => [
          name,
          values === undefined ? description : `${description}: ${values.join(', ')}`,
        ])}
      />
    </Dialog>
  );
}

interface HelpTableProps {
  readonly head: readonly [string, string];
  readonly rows: readonly (readonly [string, string])[];
}

function HelpTable({ head, rows }: HelpTableProps) {
  return (
    <table className="query-help">
      <thead>
        <tr>
          {head.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <th scope="row" className="mono">
              {name}
            </th>
            <td>{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
