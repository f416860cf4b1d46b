import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';
import type { Port } from './port.ts';

/** Messages above this size are a bug or an attack, not a batch. */
const largestFrame = 512 * 1024 * 1024;
const headerLength = 4;

/** File descriptor of a forked child's pipe to its peer; 3 is the channel to the host. */
export const peerDescriptor = 4;

/**
 * A port over a byte stream: each message is a frame of its length (4 bytes, little endian) and its structured clone.
 * A process that only passes bytes on between two such ports need not understand them.
 */
export function framePort(stream: Duplex): Port {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  const read = frameReader((frame) => {
    const message: unknown = deserialize(frame);
    for (const listener of messageListeners) listener(message);
  });
  stream.on('error', () => stream.destroy());
  stream.on('close', () => {
    for (const listener of closeListeners) listener();
  });
  return {
    post(message) {
      if (stream.destroyed) return;
      const body = serialize(message);
      const header = Buffer.allocUnsafe(headerLength);
      header.writeUInt32LE(body.length);
      stream.cork();
      stream.write(header);
      stream.write(body);
      stream.uncork();
    },
    onMessage(listener) {
      messageListeners.push(listener);
      // Until somebody listens the bytes wait in the stream.
      if (messageListeners.length === 1) {
        stream.on('data', (chunk: Buffer) => {
          if (!read(chunk)) stream.destroy();
        });
      }
    },
    onClose(listener) {
      if (stream.destroyed) listener();
      else closeListeners.push(listener);
    },
    close: () => stream.destroy(),
  };
}

/** Puts frames together again from chunks of any size; answers false where the bytes are no frames. */
function frameReader(onFrame: (frame: Buffer) => void): (chunk: Buffer) => boolean {
  let chunks: Buffer[] = [];
  let length = 0;
  /** Length of the frame under way with its header; 0 before its header is complete. */
  let wanted = 0;
  const join = (): Buffer => {
    const [first] = chunks;
    const joined = first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, length);
    chunks = [joined];
    return joined;
  };
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    for (;;) {
      if (wanted === 0) {
        if (length < headerLength) return true;
        wanted = headerLength + join().readUInt32LE();
        if (wanted > largestFrame) return false;
      }
      if (length < wanted) return true;
      const joined = join();
      const frame = joined.subarray(headerLength, wanted);
      chunks = length === wanted ? [] : [joined.subarray(wanted)];
      length -= wanted;
      wanted = 0;
      onFrame(frame);
    }
  };
}
