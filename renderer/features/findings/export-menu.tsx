import type { Finding } from '#shared/domain/finding.ts';
import { MenuButton } from '../../ui/menu-button.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { useSaveText } from '../../ui/use-save-text.ts';
import { useCopy } from '../../ui/use-copy.ts';
import { findingsAsCsv, findingsAsJson } from './settings.ts';

/** Takes the findings that are shown out of the console. */
export function ExportMenu({ findings }: { readonly findings: readonly Finding[] }) {
  const copy = useCopy();
  const save = useSaveText();
  const what = `${formatCount(findings.length)} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return (
    <MenuButton
      label="Export"
      items={[
        { label: `Copy ${what} as CSV`, run: () => copy(findingsAsCsv(findings), what) },
        { label: `Copy ${what} as JSON Lines`, run: () => copy(findingsAsJson(findings), what) },
        {
          label: 'Save as findings.csv',
          separated: true,
          run: () => void save('findings.csv', findingsAsCsv(findings)),
        },
        {
          label: 'Save as findings.jsonl',
          run: () => void save('findings.jsonl', findingsAsJson(findings)),
        },
      ]}
    >
      Export
    </MenuButton>
  );
}
