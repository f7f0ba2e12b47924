import { expect, it } from '@jest/globals'
import { encode } from '@msgpack/msgpack'
import { gzipSync } from 'node:zlib'
import type { Room } from '../listener.ts'
import { decodeMessage } from './decode-message.ts'
import { allTexts } from '../../written-texts.ts'

const LIMIT_BYTES = 1024 ** 2
const COUNT = 2000
const entries = Buffer.concat(Array<Uint8Array>(COUNT).fill(encode([1, { a: 'b' }])))

/** Notes what it grew to. */
function createRoom(bytes: number) {
  const grown: number[] = []
  const room: Room = {
    get bytes() {
      return grown.at(-1) ?? bytes
    },
    grow: async (most) => void grown.push(most),
  }
  return { room, grown }
}

const decode = (compressed: string | undefined, room: Room) => {
  const bytes = compressed ? gzipSync(entries) : entries
  const message = { tag: 't'.repeat(200), entries: bytes, count: COUNT, compressed, chunk: undefined }
  return decodeMessage(message, LIMIT_BYTES, room)
}

it.each([undefined, 'gzip'])(
  'takes room for all that a chunk comes to, compressed as %s',
  async (compressed) => {
    const { room, grown } = createRoom(100_000)
    const { texts } = await decode(compressed, room)
    expect(texts).toHaveLength(COUNT)
    const chars = allTexts(texts).reduce((sum, { length }) => sum + length, 0)
    const inflatedBytes = compressed ? entries.length : 0
    expect(room.bytes).toBeGreaterThanOrEqual(chars + inflatedBytes)
    expect(grown).toEqual([...grown].sort((a, b) => a - b))
    expect(grown.length).toBeGreaterThan(1)
  },
)

it('asks for no more room where there is enough', async () => {
  const { room, grown } = createRoom(LIMIT_BYTES)
  await decode(undefined, room)
  expect(grown).toEqual([])
})
