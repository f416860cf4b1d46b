import { installation } from '#electron/platform/installation.ts';
import { examineMachine } from '../doctor.ts';
import type { HandlerServices, Handlers } from './handler.ts';

export function appHandlers({
  engine,
  host,
  readOnly,
}: HandlerServices): Handlers<'app.info' | 'app.doctor'> {
  return {
    'app.info': () => ({
      version: installation().version,
      host: host.kind,
      platform: process.platform,
      nativeDialogs: host.nativeDialogs,
      readOnly,
      recent: engine.recent.list(),
    }),
    'app.doctor': () => examineMachine(engine, host),
  };
}
