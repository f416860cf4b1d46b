import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { DefaultDeserializer, DefaultSerializer } from 'node:v8';
import type { Port } from './port.ts';

/** Messages above this size are a bug or an attack, not a batch. */
const largestFrame = 512 * 1024 * 1024;
/** Length of the frame behind its header, and of the structured clone that it begins with. */
const headerLength = 8;
/** Shorter bytes are not worth a place of their own. */
const leastAttached = 4096;
/** Where attached bytes begin is a multiple of this, so that columns can be views of them. */
const alignment = 8;
/** Before each view in a clone: whether its bytes are within the clone or attached. */
const within = 0;
const attached = 1;

/** Bytes that are read at once, and a frame that is no longer than this is put together in the same place as the last. */
const readAtOnce = 256 * 1024;
const usualFrame = 8 * 1024 * 1024;

/** File descriptor of a forked child's pipe to its peer; 3 is the channel to the host. */
export const peerDescriptor = 4;

/** In a forked child: the port to its peer. */
export function peerSocketPort(): Port {
  let onChunk: ((chunk: Buffer) => void) | null = null;
  const socket = new Socket({
    fd: peerDescriptor,
    // All is read into one buffer: memory that is asked for anew with each read costs more than the reading.
    onread: {
      buffer: Buffer.allocUnsafeSlow(readAtOnce),
      callback: (length, buffer) => {
        onChunk?.(Buffer.from(buffer.buffer, buffer.byteOffset, length));
        return true;
      },
    },
  });
  socket.pause();
  return framePort(socket, (listener) => {
    onChunk = listener;
    socket.resume();
  });
}

/**
 * A port over a byte stream: each message is a frame of a header (two numbers of 4 bytes, little endian), its structured
 * clone and, behind it, longer stretches of bytes that it holds, which are neither copied nor looked at. A process that
 * only passes bytes on between two such ports need not understand them. Whoever listens has those bytes until it
 * returns: then the next frame takes their place. `listen` begins to read; by default as streams do.
 */
export function framePort(
  stream: Duplex,
  listen = (onChunk: (chunk: Buffer) => void): void => void stream.on('data', onChunk),
): Port {
  const messageListeners: ((message: unknown) => void)[] = [];
  const closeListeners: (() => void)[] = [];
  const read = frameReader((frame, cloneLength) => {
    const message: unknown = new FrameDeserializer(frame, cloneLength).readMessage();
    for (const listener of messageListeners) listener(message);
  });
  stream.on('error', () => stream.destroy());
  stream.on('close', () => {
    for (const listener of closeListeners) listener();
  });
  return {
    post(message) {
      if (stream.destroyed) return;
      const [head, ...attachments] = frameOf(message);
      if (attachments.length === 0) stream.write(head);
      else {
        stream.cork();
        stream.write(head);
        for (const bytes of attachments) stream.write(bytes);
        stream.uncork();
      }
    },
    onMessage(listener) {
      messageListeners.push(listener);
      // Until somebody listens the bytes wait in the stream.
      if (messageListeners.length === 1) {
        listen((chunk) => {
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

/** The bytes of a message's frame, as they follow one another. */
export function frameOf(message: unknown): readonly [Uint8Array, ...Uint8Array[]] {
  const serializer = new FrameSerializer();
  serializer.writeHeader();
  serializer.writeValue(message);
  const clone = serializer.releaseBuffer();
  const head = Buffer.allocUnsafe(headerLength + clone.length);
  head.set(clone, headerLength);
  const frame: [Uint8Array, ...Uint8Array[]] = [head];
  let length = clone.length;
  for (const bytes of serializer.attached) {
    const padding = paddingAt(length);
    if (padding > 0) frame.push(new Uint8Array(padding));
    frame.push(bytes);
    length += padding + bytes.length;
  }
  head.writeUInt32LE(length, 0);
  head.writeUInt32LE(clone.length, 4);
  return frame;
}

function paddingAt(length: number): number {
  return (alignment - (length % alignment)) % alignment;
}

/** What Node calls on its serializers; its types leave it out. */
interface HostObjects {
  _writeHostObject(view: NodeJS.ArrayBufferView): void;
  _readHostObject(): unknown;
}

class FrameSerializer extends DefaultSerializer {
  readonly attached: Uint8Array[] = [];

  _writeHostObject(view: NodeJS.ArrayBufferView): void {
    if (view.constructor === Uint8Array && view.length >= leastAttached) {
      this.writeUint32(attached);
      this.writeUint32(view.length);
      this.attached.push(view);
      return;
    }
    this.writeUint32(within);
    (DefaultSerializer.prototype as unknown as HostObjects)._writeHostObject.call(this, view);
  }
}

class FrameDeserializer extends DefaultDeserializer {
  readonly #frame: Buffer;
  #at: number;

  constructor(frame: Buffer, cloneLength: number) {
    // Shorter bytes are views of the clone, which is theirs.
    super(Buffer.from(frame.subarray(0, cloneLength)));
    this.#frame = frame;
    this.#at = cloneLength;
  }

  readMessage(): unknown {
    this.readHeader();
    return this.readValue();
  }

  _readHostObject(): unknown {
    if (this.readUint32() === within) {
      return (DefaultDeserializer.prototype as unknown as HostObjects)._readHostObject.call(this);
    }
    const length = this.readUint32();
    const from = this.#at + paddingAt(this.#at);
    this.#at = from + length;
    if (this.#at > this.#frame.length) throw new RangeError('a frame is shorter than what it holds');
    return new Uint8Array(this.#frame.buffer, this.#frame.byteOffset + from, length);
  }
}

/** Puts frames together again from chunks of any size; answers false where the bytes are no frames. */
function frameReader(onFrame: (frame: Buffer, cloneLength: number) => void): (chunk: Buffer) => boolean {
  const header = Buffer.alloc(headerLength);
  let usual = Buffer.alloc(0);
  /** The frame under way; null before its header is complete. */
  let frame: Buffer | null = null;
  /** Bytes of it, or of its header, that have come. */
  let have = 0;
  return (chunk) => {
    let at = 0;
    const take = (target: Buffer): boolean => {
      const taken = chunk.copy(target, have, at);
      at += taken;
      have += taken;
      return have === target.length;
    };
    while (at < chunk.length) {
      if (frame === null) {
        if (!take(header)) return true;
        const length = header.readUInt32LE(0);
        if (length > largestFrame || header.readUInt32LE(4) > length) return false;
        if (length > usualFrame) frame = Buffer.allocUnsafeSlow(length);
        else {
          if (length > usual.length) usual = Buffer.allocUnsafeSlow(Math.min(usualFrame, length * 2));
          frame = usual.subarray(0, length);
        }
        have = 0;
      }
      if (!take(frame)) return true;
      const whole: Buffer = frame;
      frame = null;
      have = 0;
      onFrame(whole, header.readUInt32LE(4));
    }
    return true;
  };
}
