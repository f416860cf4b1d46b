import type { Child, ChildLauncher } from '#electron/platform/children.ts';
import { type Caller, createCaller } from '#electron/platform/rpc.ts';
import type { WriterService } from '#electron/platform/services.ts';

/** A closing writer that does not answer is ended after this; what it committed stands. */
const closingTime = 30_000;

/**
 * Starts the writer for one piece of work and closes it afterwards, so that the case is locked no longer than
 * something writes. Whatever the work throws, the case is closed first.
 */
export async function withWriter<T>(
  launcher: ChildLauncher,
  work: (writer: Caller<WriterService>, child: Child) => Promise<T>,
): Promise<T> {
  const child = launcher.start('writer');
  const writer = createCaller<WriterService>(child.port);
  const exited = new Promise<void>((resolve) => child.onExit(resolve));
  try {
    return await work(writer, child);
  } finally {
    const impatience = setTimeout(() => child.kill(), closingTime);
    await writer.call('close', {});
    child.port.close();
    await exited;
    clearTimeout(impatience);
  }
}
