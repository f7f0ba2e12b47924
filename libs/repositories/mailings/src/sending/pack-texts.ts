import { promisify } from 'node:util'
import { deflate, inflate } from 'node:zlib'

const compress = promisify(deflate)
const decompress = promisify(inflate)

/** The texts of one mailing are alike: the fastest level makes them a twentieth already, in another thread. */
const LEVEL = 1

/** A packed list is not unpacked beyond that: the texts of one transaction are at most 2,000 of 1,600 characters. */
const MAX_UNPACKED_BYTES = 64 * 1024 ** 2

/** The texts of messages that are recorded together, as one compressed list. */
export function packTexts(texts: readonly string[]): Promise<Buffer> {
  return compress(JSON.stringify(texts), { level: LEVEL })
}

/** @throws where it was not made by {@link packTexts} */
export async function unpackTexts(packed: Uint8Array): Promise<readonly string[]> {
  return JSON.parse(String(await decompress(packed, { maxOutputLength: MAX_UNPACKED_BYTES }))) as string[]
}
