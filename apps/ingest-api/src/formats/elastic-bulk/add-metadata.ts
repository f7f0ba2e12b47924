import { boundedKey } from '../shared/bounded-key.ts'
import { skipBlanks } from '../split-array.ts'

/** Where a document goes, as its sender named it. */
export interface DocumentAddress {
  readonly index: string | undefined
  readonly id: string | undefined
}

/** @returns text of the members that a document gets by its address, with commas between; it may be empty */
export function metadataOf({ index, id }: DocumentAddress): string {
  const members = [
    ...(index === undefined ? [] : [`"_index":${JSON.stringify(index)}`]),
    ...(id === undefined ? [] : [`"_id":${JSON.stringify(id)}`]),
  ]
  return members.join()
}

/**
 * A document with what stood beside it. That comes first, so that members of the document itself, of which the last one counts,
 * go before it.
 *
 * @param text that need not be an object, or JSON at all: that is for admission to find out
 * @param metadata of {@link metadataOf}
 */
export function addMetadata(text: string, metadata: string): string {
  const start = skipBlanks(text, 0)
  if (metadata === '' || text[start] !== '{') return text
  const isEmpty = text[skipBlanks(text, start + 1)] === '}'
  return `{${metadata}${isEmpty ? '' : ','}${text.slice(start + 1)}`
}

/** @returns the idempotency key of a document that is to be created once */
export function createKey(index: string | undefined, id: string): string {
  return boundedKey(`${index ?? ''}/${id}`)
}
