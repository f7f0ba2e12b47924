import { gunzipSync, inflateSync } from 'node:zlib'
import { gelfEncodingOf } from '../../formats/gelf/gelf-encoding-of.ts'
import { withoutFinalNul } from '../../formats/gelf/without-final-nul.ts'
import { CutAtByte } from '../cut-at-byte.ts'
import type { Frame } from '../frame.ts'
import { FrameSession } from '../frame-session.ts'
import { refuse, type Item } from '../items.ts'
import type { DatagramProtocol, StreamProtocol } from '../listener.ts'
import type { ListenerLimits } from '../settings.ts'
import { ChunkAssembly, isChunk } from './chunk-assembly.ts'
import { decodeGelf } from './decode-gelf.ts'

const NUL = 0x00
/** How often chunks are given up while nothing comes. */
const EXPIRE_MS = 1000

/** Messages that end with NUL. */
export const gelfStream: StreamProtocol = {
  open: (_peer, limits, report) =>
    new FrameSession(new CutAtByte(NUL, limits.frameBytes), (frame) => decodeGelf(frame, limits), report),
}

/** A message in one datagram or in several, plain or compressed. */
export const gelfDatagrams: DatagramProtocol = {
  open: (limits, drop) => {
    const assembly = new ChunkAssembly(limits, drop)
    const timer = setInterval(() => assembly.expire(), EXPIRE_MS).unref()
    return {
      read: (datagram, { address }) => {
        const whole = isChunk(datagram) ? assembly.add(datagram, address) : datagram
        return whole === undefined ? [] : decodeDatagram(whole, limits)
      },
      close: () => {
        clearInterval(timer)
        assembly.close()
      },
    }
  },
}

/**
 * Inflated at once: at most GELF's 128 chunks of 64 KiB, up to the limit of a message, which is 1 MiB at most and takes some milliseconds. In
 * turns of the thread pool, what waits would be another queue to bound.
 */
function decodeDatagram(bytes: Buffer, limits: ListenerLimits): readonly Item[] {
  const message = inflateDatagram(bytes, limits.frameBytes)
  return message === undefined
    ? [refuse('logs', 'bad_encoding', 'The message is not validly compressed')]
    : decodeGelf(typeof message === 'string' ? message : withoutFinalNul(message), limits)
}

/** @returns undefined where it is damaged */
function inflateDatagram(bytes: Buffer, maxOutputLength: number): Frame | undefined {
  const encoding = gelfEncodingOf(bytes)
  if (encoding === undefined) return bytes
  try {
    return encoding === 'gzip'
      ? gunzipSync(bytes, { maxOutputLength })
      : inflateSync(bytes, { maxOutputLength })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too_large' : undefined
  }
}
