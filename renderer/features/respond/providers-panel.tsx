import { useState } from 'react';
import type { ProviderTestView, ProviderView } from '#shared/ipc/respond-views.ts';
import { useRequest } from '../../state/use-request.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { Badge } from '../../ui/outcome-mark.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Properties } from '../../ui/properties.tsx';
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx';
import { ProvedOn } from './marks.tsx';
import { AddProvider } from './add-provider.tsx';
import { HoldCredential } from './hold-credential.tsx';
import { useReadOnly } from './read-only.tsx';
import { useAct } from './use-act.ts';

/** The providers that are set up, and the kinds that could be, with what each was proved on. */
export function ProvidersPanel() {
  const providers = useRequest('provider.list', {});
  const types = useRequest('provider.types', {});
  const [adding, setAdding] = useState(false);
  const [changed, setChanged] = useState<ProviderView | null>(null);
  const readOnly = useReadOnly();
  const error = providers.error ?? types.error;
  if (error !== null) {
    return <ErrorState what="The providers could not be listed" error={error} onRetry={providers.reload} />;
  }
  if (providers.value === null || types.value === null) return <Loading what="the providers" />;
  const add = (
    <Button look="primary" icon="plus" disabled={readOnly} onClick={() => setAdding(true)}>
      Add a provider
    </Button>
  );
  return (
    <div className="respond-stack">
      {providers.value.length === 0 ? (
        <EmptyState title="No provider is set up" actions={add}>
          A provider is a system at which access can be taken away: a directory, a database, a cloud. Its
          secrets are kept in this host’s vault and never shown again.
        </EmptyState>
      ) : (
        <>
          <div>{add}</div>
          {providers.value.map((provider) => (
            <ProviderCard
              key={provider.name}
              provider={provider}
              onChange={providers.reload}
              onEdit={() => setChanged(provider)}
            />
          ))}
        </>
      )}
      <Panel
        title="Kinds of providers"
        note="proved: with tests against the real server, or a stand-in of its API"
      >
        <ul className="respond-list">
          {types.value.map(({ type, title, provedOn, permissions }) => (
            <li key={type}>
              <strong>{title}</strong> <ProvedOn value={provedOn} />
              <details>
                <summary>The least that it needs: {permissions.length} permissions</summary>
                <ul>
                  {permissions.map(({ name, neededFor, why }) => (
                    <li key={`${name} ${neededFor}`}>
                      <span className="mono">{name}</span> for {neededFor}: {why}
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
        </ul>
      </Panel>
      {changed === null ? null : (
        <AddProvider
          types={types.value}
          changed={changed}
          onClose={() => setChanged(null)}
          onAdded={() => {
            setChanged(null);
            providers.reload();
          }}
        />
      )}
      {adding ? (
        <AddProvider
          types={types.value}
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            providers.reload();
          }}
        />
      ) : null}
    </div>
  );
}

interface ProviderCardProps {
  readonly provider: ProviderView;
  readonly onChange: () => void;
  readonly onEdit: () => void;
}

function ProviderCard({ provider, onChange, onEdit }: ProviderCardProps) {
  const { name, title, provedOn, settings, sourcedFrom, breakGlass, hasCertificateAuthority, logs } =
    provider;
  const test = useAct('provider.test');
  const remove = useAct('provider.remove');
  const [asking, setAsking] = useState(false);
  const [holding, setHolding] = useState(false);
  const readOnly = useReadOnly();
  const drop = async (): Promise<void> => {
    setAsking(false);
    if ((await remove.run({ name })) !== null || remove.error === null) onChange();
  };
  return (
    <Panel
      title={name}
      note={title}
      actions={
        <>
          <ProvedOn value={provedOn} />
          <Button disabled={test.busy} onClick={() => void test.run({ name })}>
            {test.busy ? 'Testing …' : 'Test'}
          </Button>
          {provider.takesHeld ? (
            <Button disabled={readOnly} onClick={() => setHolding(true)}>
              Hold a credential …
            </Button>
          ) : null}
          <Button disabled={readOnly} onClick={onEdit}>
            Settings …
          </Button>
          <Button disabled={readOnly} onClick={() => setAsking(true)}>
            Remove
          </Button>
        </>
      }
    >
      <div className="respond-form">
        <Properties
          entries={[
            ...Object.entries(settings).map(
              ([key, value]) => [key, <LogText key={key} text={value} />] as const,
            ),
            ['Identities from', sourcedFrom.length === 0 ? null : sourcedFrom.join(', ')],
            ['Never touched', breakGlass.length === 0 ? null : breakGlass.join(', ')],
            ['Private CA', hasCertificateAuthority ? 'given' : null],
            ['Logs', logs === null ? null : logs.length === 0 ? 'none witness it' : logs.join(', ')],
            ['Secrets', 'in the vault of this host; never shown'],
          ]}
        />
        {test.error === null ? null : <ErrorState what="It could not be tested" error={test.error} />}
        {remove.error === null ? null : <ErrorState what="It is still there" error={remove.error} />}
        {test.value === null ? null : <TestResult result={test.value} />}
      </div>
      {holding ? <HoldCredential provider={name} onClose={() => setHolding(false)} /> : null}
      {asking ? (
        <Dialog
          title={`Remove ${name}`}
          onClose={() => setAsking(false)}
          actions={
            <>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button look="danger" onClick={() => void drop()}>
                Remove it and forget its secrets
              </Button>
            </>
          }
        >
          <p>Runs at this provider can then no longer be verified, resumed or restored from here.</p>
        </Dialog>
      ) : null}
    </Panel>
  );
}

function TestResult({ result }: { readonly result: ProviderTestView }) {
  const { name, ok, failed, tenant, tenantName, operator, missing, unchecked, notes } = result;
  return (
    <section aria-label={`Test result of ${name}`} aria-live="polite">
      <p>
        {ok ? (
          <Badge tone="success">✓ ready</Badge>
        ) : failed === null ? (
          <Badge tone="warning">{missing.length} permissions missing</Badge>
        ) : (
          <Badge tone="danger">✕ could not be asked</Badge>
        )}{' '}
        {failed === null ? null : <LogText text={failed} />}
      </p>
      <Properties
        entries={[
          [
            'Tenant',
            tenantName === null ? null : <LogText key="tenant" text={`${tenantName} (${tenant ?? ''})`} />,
          ],
          ['Acts as', operator === null ? null : <LogText key="operator" text={operator} />],
          [
            'Missing',
            missing.length === 0 ? null : (
              <span key="missing" className="mono">
                {missing.join(', ')}
              </span>
            ),
          ],
          ['Cannot be checked', unchecked.length === 0 ? null : unchecked.join(', ')],
        ]}
      />
      {notes.map((note) => (
        <p key={note} className="muted">
          <LogText text={note} />
        </p>
      ))}
    </section>
  );
}
