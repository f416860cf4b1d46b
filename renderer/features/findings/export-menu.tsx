import type { Finding } from '#shared/domain/finding.ts';
import { useCase } from '../../state/context.ts';
import { MenuButton } from '../../ui/menu-button.tsx';
import { formatCount } from '../../ui/numbers.ts';
import { saveText } from '../../ui/save-text.ts';
import { useCopy } from '../../ui/use-copy.ts';
import { findingsAsCsv, findingsAsJson } from './settings.ts';

/** Takes the findings that are shown out of the console. A window that takes no downloads only copies. */
export function ExportMenu({ findings }: { readonly findings: readonly Finding[] }) {
  const copy = useCopy();
  const inBrowser = useCase((state) => state.info?.host === 'headless');
  const what = `${formatCount(findings.length)} ${findings.length === 1 ? 'finding' : 'findings'}`;
  return (
    <MenuButton
      label="Export"
      items={[
        { label: `Copy ${what} as CSV`, run: () => copy(findingsAsCsv(findings), what) },
        { label: `Copy ${what} as JSON Lines`, run: () => copy(findingsAsJson(findings), what) },
        ...(inBrowser
          ? [
              {
                label: 'Save as findings.csv',
                separated: true,
                run: () => saveText('findings.csv', findingsAsCsv(findings), 'text/csv'),
              },
              {
                label: 'Save as findings.jsonl',
                run: () => saveText('findings.jsonl', findingsAsJson(findings), 'application/jsonl'),
              },
            ]
          : []),
      ]}
    >
      Export
    </MenuButton>
  );
}
