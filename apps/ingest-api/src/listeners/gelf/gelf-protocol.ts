import { gunzipSync, inflateSync } from 'node:zlib'
import { CutAtByte } from '../cut-at-byte.ts'
import { FrameSession } from '../frame-session.ts'
import { refuse, type Item } from '../items.ts'
import type { DatagramProtocol, StreamProtocol } from '../listener.ts'
import type { ListenerLimits } from '../settings.ts'
import { ChunkAssembly, isChunk } from './chunk-assembly.ts'
import { decodeGelf } from './decode-gelf.ts'

const NUL = 0x00
const GZIP = 0x1f8b
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
 * Inflated at once: at most GELF's 128 chunks of 64 KiB, up to the limit of a message, which takes some milliseconds. In turns of the thread
 * pool, what waits would be another queue to bound.
 */
function decodeDatagram(bytes: Buffer, limits: ListenerLimits): readonly Item[] {
  const inflate = findInflate(bytes)
  if (inflate === undefined) return decodeGelf(bytes, limits)
  try {
    return decodeGelf(inflate(bytes, { maxOutputLength: limits.frameBytes }), limits)
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
    return isTooLarge
      ? decodeGelf('too_large', limits)
      : [refuse('logs', 'bad_encoding', 'The message is not validly compressed')]
  }
}

/** By what a message begins with, for nothing else says it. */
function findInflate(bytes: Buffer): typeof gunzipSync | undefined {
  if (bytes.length < 2) return undefined
  const head = bytes.readUInt16BE()
  if (head === GZIP) return gunzipSync
  return (bytes[0]! & 0x0f) === 8 && head % 31 === 0 ? inflateSync : undefined
}
