import { useAddress, useConsole } from '../../state/context.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { Toolbar } from '../../ui/toolbar.tsx';
import { PeoplePanel } from './people-panel.tsx';
import { PlanPage } from './plan-page.tsx';
import { PlansPage } from './plans-page.tsx';
import { ProvidersPanel } from './providers-panel.tsx';
import { ReadOnlyNote } from './read-only.tsx';
import { ReceiptsPanel } from './receipts-panel.tsx';
import { RunPage } from './run-page.tsx';
import './respond.css';

const tabs = [
  { id: 'plans', title: 'Plans' },
  { id: 'providers', title: 'Providers' },
  { id: 'people', title: 'Who may approve' },
  { id: 'receipts', title: 'Receipts' },
] as const;

/** Taking access away. Parts of the address: `plan/ID` and `run/NAME`. */
export function RespondView() {
  const { address } = useConsole();
  const [part = 'plans', id = ''] = (useAddress((state) => state.tab) ?? 'plans').split('/');
  if (part === 'plan') return <PlanPage key={id} id={id} />;
  if (part === 'run') return <RunPage key={id} run={id} />;
  const current = tabs.find((tab) => tab.id === part)?.id ?? 'plans';
  return (
    <>
      <Toolbar title="Respond" />
      <ReadOnlyNote />
      <Tabs
        label="Respond"
        current={current}
        onChange={(next) => address.getState().go({ tab: next === 'plans' ? null : next })}
        tabs={tabs}
      >
        <div className="respond-tab">
          {current === 'plans' ? <PlansPage /> : null}
          {current === 'providers' ? <ProvidersPanel /> : null}
          {current === 'people' ? <PeoplePanel /> : null}
          {current === 'receipts' ? <ReceiptsPanel /> : null}
        </div>
      </Tabs>
    </>
  );
}
