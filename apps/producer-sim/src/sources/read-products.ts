import { AppError, isJsonObject, type JsonValue } from '@runnel/contracts'
import { decodeUtf8, parseJson } from '@runnel/json'
import { readFile } from 'node:fs/promises'
import { CommandError } from '../command-error.ts'
import type { OpenedFile } from './open-file.ts'
import { refuse, toEntry, type SourceEntry } from './source-entry.ts'

/** A JSON array cannot be read piecemeal with JSON.parse, so that a file of products is read as a whole. */
const MAX_PRODUCT_FILE_BYTES = 64 * 1024 * 1024

/**
 * Every element of a JSON array as a product. All members are sent unchanged; `name` and `manufacturer`, which
 * Runnel knows, are added from `title` and `brand` where they are missing.
 *
 * @throws CommandError when the file is not a JSON array
 */
export async function* readProducts(file: OpenedFile): AsyncGenerator<SourceEntry> {
  const list = await readList(file)
  for (const [index, element] of list.entries()) yield toProduct(element, index + 1, file.eventId(index + 1))
}

async function readList({ path, bytes }: OpenedFile): Promise<JsonValue[]> {
  if (bytes > MAX_PRODUCT_FILE_BYTES) {
    throw new CommandError(`${path}: a file of products may have ${MAX_PRODUCT_FILE_BYTES} bytes at most`)
  }
  const list = parse(path, await readFile(path))
  if (!Array.isArray(list)) throw new CommandError(`${path}: expected a JSON array of products`)
  return list
}

function parse(path: string, content: Buffer): JsonValue {
  try {
    return parseJson(decodeUtf8(content))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const reason = error.cause instanceof Error ? error.cause.message : error.message
    throw new CommandError(`${path}: ${reason}`, 2, error)
  }
}

function toProduct(element: JsonValue, position: number, eventId: string): SourceEntry {
  if (!isJsonObject(element)) return refuse(position, 'invalid_field', 'a product has to be a JSON object')
  if ('eventId' in element) {
    return refuse(
      position,
      'invalid_field',
      'the product has an eventId of its own, which replay would replace',
    )
  }
  const { title, brand } = element
  return toEntry('products', position, {
    ...element,
    ...(!('name' in element) && typeof title === 'string' && { name: title }),
    ...(!('manufacturer' in element) && typeof brand === 'string' && { manufacturer: brand }),
    eventId,
  })
}
