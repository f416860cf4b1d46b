import type { RespondService, SecretService } from '#electron/platform/respond-service.ts';
import type { Caller } from '#electron/platform/rpc.ts';
import type { ProviderLoaders } from '../registry/registry.ts';
import { approvalMethods } from './approval-methods.ts';
import { planMethods } from './plan-methods.ts';
import { providerMethods } from './provider-methods.ts';
import { runMethods } from './run-methods.ts';
import { Workplace, type WorkplaceOptions } from './workplace.ts';

/** The service of the respond process: provider calls and the action journal, never the case's database. */
export function createRespondService(
  secrets: Caller<SecretService>,
  types: ProviderLoaders,
  log: WorkplaceOptions['log'],
  options: Pick<WorkplaceOptions, 'limits' | 'clock'> = {},
): RespondService {
  let place: Workplace | null = null;
  const workplace = (): Workplace => {
    if (place === null) throw new Error('the host has not said where the configuration lies');
    return place;
  };
  return {
    start: ({ configFolder }) => {
      place = new Workplace({ configFolder, secrets, types, log, ...options });
      return null;
    },
    ...providerMethods(workplace),
    ...approvalMethods(workplace),
    ...planMethods(workplace),
    ...runMethods(workplace),
  };
}
