import { exitCodes } from '../exit-code.ts';
import { defaultIdleMinutes, serveConsole } from '../serve-console.ts';
import { type Command, caseOption, numberOf, portOf, portOption, textOf } from './command.ts';

export const serve: Command = {
  name: 'serve',
  usage: '[--case DIR] [--port N] [--open] [--idle MINUTES] [--read-only]',
  summary: 'the console on loopback, for the browser of this machine',
  notes: 'Prints the address with a token that works once; the browser that opens it first is let in.',
  options: {
    case: { ...caseOption.case, required: false },
    ...portOption,
    open: { type: 'boolean', help: 'open the browser' },
    idle: {
      type: 'string',
      value: 'MINUTES',
      help: `end when no page was open for so long (default: ${defaultIdleMinutes}; 0 for never)`,
    },
    'read-only': { type: 'boolean', help: 'change nothing: no import, no new case' },
  },
  positionals: { min: 0, max: 0 },
  async run(invocation) {
    const { options } = invocation;
    const request = {
      caseFolder: textOf(invocation, 'case') ?? null,
      port: portOf(invocation),
      opensBrowser: options['open'] === true,
      readOnly: options['read-only'] === true,
      idleMinutes: numberOf(invocation, 'idle') ?? defaultIdleMinutes,
    };
    await serveConsole(request, invocation);
    return exitCodes.done;
  },
};
