import { useCommandList } from '../state/context.ts';
import { Dialog } from '../ui/dialog.tsx';
import { onMac, printedKeys } from '../ui/keys.ts';
import './key-help.css';

/** Keys that are not commands, because they act where the focus is. */
const everywhere: readonly (readonly [string, string])[] = [
  ['j / k, ↓ / ↑', 'Next, previous row of a table'],
  ['Page Down / Page Up', 'A page of rows further, back'],
  ['Home / End', 'First, last row'],
  ['Enter', 'Open the row'],
  ['f, Shift F10', 'Menu of the row: filter for, filter out, copy, cite'],
  ['← / →, Shift, Enter', 'On the events’ histogram: move, extend, choose the time range'],
  ['← / →', 'On a column’s or panel’s edge: narrower, wider'],
];

export function KeyHelp({ onClose }: { readonly onClose: () => void }) {
  const commands = useCommandList().filter((command) => command.keys !== undefined);
  const rows = [...new Map(commands.map((command) => [command.keys?.[0] ?? '', command])).entries()];
  return (
    <Dialog title="Keys" onClose={onClose} size="large">
      <table className="key-help">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">Key</th>
            <th scope="col">What it does</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([keys, command]) => (
            <tr key={keys}>
              <td>
                <kbd>{printedKeys(keys, onMac)}</kbd>
              </td>
              <td>{command.title}</td>
            </tr>
          ))}
          {everywhere.map(([keys, what]) => (
            <tr key={keys}>
              <td>
                <kbd>{keys}</kbd>
              </td>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
