import type { View } from '../state/feature.ts';
import { useAddress, useConsole, useHref, usePreferences } from '../state/context.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';

export function Sidebar() {
  const { commands, features } = useConsole();
  const current = useAddress((state) => state.view);
  const narrow = usePreferences((state) => state.sidebar === 'narrow');
  return (
    <nav className={narrow ? 'sidebar narrow' : 'sidebar'} aria-label="Views">
      <ul>
        {features.map(({ view }) =>
          view === undefined ? null : (
            <SidebarLink key={view.id} view={view} current={view.id === current} narrow={narrow} />
          ),
        )}
      </ul>
      <IconButton
        icon="sidebar"
        label={narrow ? 'Widen the sidebar' : 'Narrow the sidebar'}
        onClick={() => commands.getState().run('sidebar.toggle')}
      />
    </nav>
  );
}

interface SidebarLinkProps {
  readonly view: View;
  readonly current: boolean;
  readonly narrow: boolean;
}

function SidebarLink({ view, current, narrow }: SidebarLinkProps) {
  const Mark = view.mark;
  return (
    <li>
      <a
        href={useHref({ view: view.id })}
        aria-current={current ? 'page' : undefined}
        className="sidebar-link"
        title={narrow ? view.title : undefined}
      >
        <Icon name={view.icon} />
        <span className={narrow ? 'visually-hidden' : ''}>{view.title}</span>
        {Mark === undefined ? null : <Mark />}
      </a>
    </li>
  );
}
