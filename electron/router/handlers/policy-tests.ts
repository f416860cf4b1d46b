import { caseFolder } from '#electron/platform/case-folder.ts';
import { FailureError } from '#shared/util/result.ts';
import {
  listPolicyTests,
  readForeignTests,
  readPolicyTests,
  removePolicyTests,
  writePolicyTests,
} from '../policy-test-files.ts';
import type { HandlerServices, Handlers } from './handler.ts';

type PolicyTestOperation =
  | 'policyTests.list'
  | 'policyTests.get'
  | 'policyTests.open'
  | 'policyTests.save'
  | 'policyTests.remove';

export function policyTestHandlers({ engine, tokens }: HandlerServices): Handlers<PolicyTestOperation> {
  const folder = (): string => {
    const open = engine.folder;
    if (open === null) throw new FailureError('no-case', 'Open a case first.');
    return caseFolder(open).policyTests;
  };
  return {
    'policyTests.list': () => listPolicyTests(folder()),
    'policyTests.get': ({ name }) => readPolicyTests(folder(), name),
    'policyTests.open': ({ token }) => readForeignTests(tokens.take(token).path),
    'policyTests.save': ({ name, text }) => writePolicyTests(folder(), name, text),
    'policyTests.remove': async ({ name }) => {
      await removePolicyTests(folder(), name);
      return null;
    },
  };
}
