import { useState } from 'react';
import { duties } from '#shared/domain/decision.ts';
import { useRequest } from '../../state/use-request.ts';
import { Input, Select } from '../../ui/field.tsx';
import { LogText } from '../../ui/log-line.tsx';
import { dutyTitles } from './rows.ts';

/** Asks the matrix about one policy or identity. */
export function WhoHasIt() {
  const [about, setAbout] = useState('policy');
  const [name, setName] = useState('');
  const [asked, setAsked] = useState('');
  const { value, error } = useRequest(
    'ownership.of',
    asked === '' ? null : about === 'policy' ? { policy: asked } : { identity: asked },
  );
  return (
    <form
      className="ownership-who"
      onSubmit={(event) => {
        event.preventDefault();
        setAsked(name.trim());
      }}
    >
      <Select
        aria-label="Who has this"
        value={about}
        onChange={setAbout}
        options={[
          { value: 'policy', label: 'Who has the policy' },
          { value: 'identity', label: 'Who has the identity' },
        ]}
      />
      <Input
        aria-label="Path of a policy or id of an identity"
        placeholder={about === 'policy' ? 'policies/build.json' : 'arn:aws:iam::…'}
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <output>
        {error === null ? null : <span className="muted">{error.message}</span>}
        {value === null || asked === ''
          ? null
          : duties.map((duty) => {
              const found = value[duty];
              return (
                <span key={duty} className="ownership-answer" title={found?.pattern}>
                  <span className="muted">{dutyTitles[duty].toLowerCase()}</span>{' '}
                  <LogText
                    text={found === null || found.who.length === 0 ? 'nobody' : found.who.join(', ')}
                  />
                </span>
              );
            })}
      </output>
    </form>
  );
}
