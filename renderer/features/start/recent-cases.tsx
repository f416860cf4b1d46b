import { useCase } from '../../state/context.ts';
import { Badge } from '../../ui/outcome-mark.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Time } from '../../ui/values.tsx';

/** Cases that were open lately, the last one first. */
export function RecentCases({ onOpen }: { readonly onOpen: (id: string) => void }) {
  const recent = useCase((state) => state.info?.recent);
  if (recent === undefined || recent.length === 0) return null;
  return (
    <section aria-labelledby="recent-title">
      <h2 id="recent-title">Recent cases</h2>
      <ul className="recent-list">
        {recent.map(({ id, name, folder, openedAt, missing }) => (
          <li key={id}>
            <button type="button" className="recent" disabled={missing} onClick={() => onOpen(id)}>
              <span className="recent-name">
                <LogText text={name} />
                {missing ? <Badge tone="warning">folder is gone</Badge> : null}
              </span>
              <span className="recent-folder mono">
                <LogText text={folder} />
              </span>
              <Time value={openedAt} to="minute" />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
