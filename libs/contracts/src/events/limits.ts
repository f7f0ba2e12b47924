/** Text that ends up in an index (names, levels, services, keys), in bytes of UTF-8. */
export const MAX_INDEXED_TEXT_BYTES = 512

/** @returns whether an index takes a text */
export function isIndexedText(text: string): boolean {
  return text.length * 3 <= MAX_INDEXED_TEXT_BYTES || Buffer.byteLength(text) <= MAX_INDEXED_TEXT_BYTES
}

/** Ids of products that were created without one start here; explicit ids lie below. */
export const FIRST_GENERATED_PRODUCT_ID = 2 ** 40

/** Idempotency keys and event ids that clients choose, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 512
