import { AppError, judgeItem, type JsonObject, type Kind } from '@runnel/contracts'
import { checkJson } from '@runnel/json'

/** Why an entry of a file is not an event. The codes are those of the API where it would say the same. */
interface Refusal {
  readonly code: string
  readonly message: string
}

/**
 * One entry of a source file. `position` is the line (logs, CSV) or the element (products), counted from 1, and is
 * unique within the file.
 */
export type SourceEntry =
  | { readonly position: number; readonly item: JsonObject }
  | { readonly position: number; readonly refusal: Refusal }

/** Entries larger than this are refused here: a line without an end must not fill the memory. */
export const MAX_ENTRY_BYTES = 256 * 1024

/** Checks an item by the rules of the API, so that replay and verify agree about what can be stored at all. */
export function toEntry(kind: Kind, position: number, item: JsonObject): SourceEntry {
  try {
    checkJson(item)
    judgeItem(kind, 'upsert', item, 'posted')
    return { position, item }
  } catch (error) {
    if (error instanceof AppError) return refuse(position, error.code, error.message)
    throw error
  }
}

export function refuse(position: number, code: string, message: string): SourceEntry {
  return { position, refusal: { code, message } }
}
