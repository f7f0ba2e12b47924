import { toEntry, type Entry } from '@runnel/cache'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { contentTypeOf } from './content-types.ts'

/** How a file may be written, the best one first. */
export const ENCODINGS = ['br', 'gzip', 'identity'] as const

export type Encoding = (typeof ENCODINGS)[number]

/** A file of the console, in memory. */
export interface ConsoleFile {
  readonly contentType: string
  /** Its name says what is in it, so that it never changes. */
  readonly immutable: boolean
  /** Each with an entity tag of its own, as strong tags have to be. */
  readonly bodies: Readonly<Partial<Record<Encoding, Entry>>> & { readonly identity: Entry }
}

/** Vite puts what it names by content into this folder. */
const HASHED_FOLDER = 'assets/'
/** What is smaller, or hardly becomes smaller, is sent as it is. */
const MIN_BYTES = 512
const MIN_GAIN = 0.9
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }

/** @param name relative to the folder of the console */
export async function createConsoleFile(name: string, bytes: Buffer): Promise<ConsoleFile> {
  const contentType = contentTypeOf(name)
  const file = { contentType, immutable: name.startsWith(HASHED_FOLDER) }
  const identity = entryOf(bytes)
  if (bytes.length < MIN_BYTES) return { ...file, bodies: { identity } }
  const [br, zipped] = await Promise.all([
    promisify(brotliCompress)(bytes, QUALITY),
    promisify(gzip)(bytes, { level: 9 }),
  ])
  if (zipped.length > bytes.length * MIN_GAIN) return { ...file, bodies: { identity } }
  return { ...file, bodies: { br: entryOf(br), gzip: entryOf(zipped), identity } }
}

function entryOf(body: Buffer): Entry {
  return toEntry({ body, version: 0 })
}
