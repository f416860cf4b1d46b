import { readFileSync } from 'node:fs';
import { valueOf } from '#electron/router/value-of.ts';
import type { ProviderTestView, ProviderTypeView } from '#shared/ipc/respond-views.ts';
import { FailureError } from '#shared/util/result.ts';
import { exitCodes } from '../exit-code.ts';
import { readSecret } from '../standard-input.ts';
import { table, visible } from '../text.ts';
import { type Command, type Invocation, printDocument, textOf } from './command.ts';
import { type Subcommand, oneWord, runSubcommand, subcommandHelp } from './subcommand.ts';

const subcommands: Readonly<Record<string, Subcommand>> = {
  add: {
    usage: 'NAME --type T --set k=v…',
    summary: 'set one up; its secret comes on standard input (JSON {"name":"…"} where it has several)',
    async run(invocation) {
      const { session, terminal } = invocation;
      const [name, ...words] = invocation.positionals;
      const type = textOf(invocation, 'type');
      if (name === undefined || type === undefined) {
        throw new FailureError(
          'invalid-input',
          'A name and --type T are needed; “rescind provider types” says what there is.',
        );
      }
      const { client } = session();
      const [known] = valueOf(await client.request('provider.types', { type }));
      if (known === undefined)
        throw new FailureError('invalid-input', `There is no provider type “${type}”.`);
      const settings = settingsOf([...(invocation.lists['set'] ?? []), ...words]);
      const secrets = await secretsOf(known, invocation);
      if (Object.keys(secrets).length > 0 && (await session().host.secrets.backend()) === 'memory') {
        throw new FailureError(
          'refused',
          'There is no vault to keep the secret in: set RESCIND_PASSPHRASE to the passphrase of a vault.',
        );
      }
      const added = valueOf(await client.request('provider.add', { name, type, settings, secrets }));
      await printDocument(
        invocation,
        added,
        () => `${name} is set up. Try it: rescind provider test ${name}\n`,
      );
      if (known.provedOn === 'contract-fake') {
        terminal.note(`${known.title} was tested on a stand-in alone, never on the real service.`);
      }
      return exitCodes.done;
    },
  },
  types: {
    usage: '[T]',
    summary: 'what can be set up, with settings, secrets and the permissions that are needed',
    async run(invocation) {
      const [type] = invocation.positionals;
      const wanted = type === undefined ? {} : { type };
      const types = valueOf(await invocation.session().client.request('provider.types', wanted));
      await printDocument(invocation, types, () => types.map(typeText).join('\n'));
      return exitCodes.done;
    },
  },
  list: {
    usage: '',
    summary: 'what is set up',
    async run(invocation) {
      const providers = valueOf(await invocation.session().client.request('provider.list', {}));
      await printDocument(invocation, providers, () =>
        table(providers, [
          { title: 'name', value: ({ name }) => name },
          { title: 'type', value: ({ type }) => type },
          {
            title: 'tested on',
            value: ({ provedOn }) => (provedOn === 'real-server' ? 'a real server' : 'a stand-in'),
          },
          { title: 'settings', value: ({ settings }) => pairs(settings) },
          {
            title: 'logs',
            value: ({ logs }) => (logs === null ? '–' : logs.length === 0 ? 'none' : logs.join(', ')),
          },
        ]),
      );
      return exitCodes.done;
    },
  },
  test: {
    usage: 'NAME',
    summary: 'reach it and name missing permissions; changes nothing',
    async run(invocation) {
      const name = oneWord(invocation, 'The name of the provider');
      const report = valueOf(await invocation.session().client.request('provider.test', { name }));
      await printDocument(invocation, report, () => testText(report));
      return report.ok ? exitCodes.done : exitCodes.no;
    },
  },
  remove: {
    usage: 'NAME',
    summary: 'forget it and its secrets',
    async run(invocation) {
      const name = oneWord(invocation, 'The name of the provider');
      valueOf(await invocation.session().client.request('provider.remove', { name }));
      invocation.terminal.note(`${name} is forgotten, with its secrets.`);
      return exitCodes.done;
    },
  },
  hold: {
    usage: 'NAME',
    summary: 'keep a credential that you hold (a leaked token, on standard input); prints its fingerprint',
    async run(invocation) {
      const name = oneWord(invocation, 'The name of the provider');
      const { session, terminal } = invocation;
      if ((await session().host.secrets.backend()) === 'memory') {
        throw new FailureError('refused', 'There is no vault to keep it in: set RESCIND_PASSPHRASE.');
      }
      const credential = await readSecret(terminal, 'The credential');
      const held = valueOf(await session().client.request('provider.hold', { name, credential }));
      await printDocument(
        invocation,
        held,
        () => `${held.fingerprint}\nUse it as: rescind respond plan --credential ${held.fingerprint}\n`,
      );
      return exitCodes.done;
    },
  },
};

export const provider: Command = {
  name: 'provider',
  usage: `${Object.keys(subcommands).join('|')} …`,
  summary: 'set up what access can be revoked at',
  notes: subcommandHelp('provider', subcommands),
  options: {
    type: { type: 'string', value: 'T', help: 'the kind of provider; see “rescind provider types”' },
    set: { type: 'string', value: 'K=V', help: 'a setting; @FILE reads a file', multiple: true },
  },
  positionals: { min: 1, max: Number.POSITIVE_INFINITY },
  run: (invocation) => runSubcommand('provider', subcommands, invocation),
};

function settingsOf(words: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new FailureError('invalid-input', `“${word}” is no setting: write NAME=VALUE.`);
    const value = word.slice(at + 1);
    settings[word.slice(0, at)] = value.startsWith('@') ? fileText(value.slice(1)) : value;
  }
  return settings;
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new FailureError('not-found', `${path} cannot be read.`);
  }
}

async function secretsOf(
  { secrets }: ProviderTypeView,
  { terminal }: Invocation,
): Promise<Record<string, string>> {
  const [only, more] = secrets;
  if (only === undefined) return {};
  const given = await readSecret(terminal, secrets.map(({ title }) => title).join(', '));
  if (given === '') return {};
  if (more === undefined && !given.trimStart().startsWith('{')) return { [only.name]: given };
  try {
    const parsed: unknown = JSON.parse(given);
    const entries = Object.entries(parsed as Record<string, unknown>);
    if (entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')) {
      return Object.fromEntries(entries) as Record<string, string>;
    }
  } catch {
    // A single secret may well look like JSON: a service account's key is.
    if (more === undefined) return { [only.name]: given };
  }
  if (more === undefined) return { [only.name]: given };
  const names = secrets.map(({ name }) => `"${name}"`).join(', ');
  throw new FailureError('invalid-input', `Give the secrets as one JSON object with ${names}.`);
}

function typeText({ type, title, provedOn, settings, secrets, permissions }: ProviderTypeView): string {
  return [
    `${type}: ${title} (tested on ${provedOn === 'real-server' ? 'a real server' : 'a stand-in'})`,
    ...settings.map(
      ({ name, required, help }) => `  --set ${name}=…${required ? ' (required)' : ''} ${help}`,
    ),
    ...secrets.map(
      ({ name, title: shown, required }) => `  secret ${name}${required ? ' (required)' : ''}: ${shown}`,
    ),
    ...permissions.map(({ name, why }) => `  permission ${name}: ${why}`),
    '',
  ].join('\n');
}

function testText({
  name,
  ok,
  tenant,
  tenantName,
  operator,
  missing,
  unchecked,
  notes,
  failed,
}: ProviderTestView): string {
  if (failed !== null) return `${name}: NOT reachable: ${visible(failed)}\n`;
  return [
    `${name}: ${ok ? 'ready' : 'NOT ready'}`,
    `  tenant ${visible(tenantName ?? '')} (${visible(tenant ?? '')}), acting as ${visible(operator ?? '')}`,
    ...missing.map((permission) => `  missing permission ${visible(permission)}`),
    ...unchecked.map((permission) => `  not checked: ${visible(permission)}`),
    ...notes.map((note) => `  ${visible(note)}`),
    '',
  ].join('\n');
}

function pairs(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${value.length > 60 ? '…' : value}`)
    .join(' ');
}
