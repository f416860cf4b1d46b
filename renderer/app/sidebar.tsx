import { useAddress, useConsole, usePreferences } from '../state/context.ts';
import { IconButton } from '../ui/button.tsx';
import { Icon } from '../ui/icon.tsx';
import { views } from './routes.ts';

export function Sidebar() {
  const { commands } = useConsole();
  const current = useAddress((state) => state.view);
  const hrefFor = useAddress((state) => state.hrefFor);
  const narrow = usePreferences((state) => state.sidebar === 'narrow');
  return (
    <nav className={narrow ? 'sidebar narrow' : 'sidebar'} aria-label="Views">
      <ul>
        {views.map(({ id, title, icon }) => (
          <li key={id}>
            <a
              href={hrefFor({ view: id })}
              aria-current={id === current ? 'page' : undefined}
              className="sidebar-link"
              title={narrow ? title : undefined}
            >
              <Icon name={icon} />
              <span className={narrow ? 'visually-hidden' : ''}>{title}</span>
            </a>
          </li>
        ))}
      </ul>
      <IconButton
        icon="sidebar"
        label={narrow ? 'Widen the sidebar' : 'Narrow the sidebar'}
        onClick={() => commands.getState().run('sidebar.toggle')}
      />
    </nav>
  );
}
