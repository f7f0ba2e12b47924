import type { Row } from './contest.ts'
import { drain } from './rows/drain.ts'
import { batchPost, singlePost } from './rows/intake.ts'
import { productById } from './rows/product-by-id.ts'

/** By the name that a person types. */
export const ROWS = {
  single: singlePost,
  batch: batchPost,
  drain,
  product: productById,
} satisfies Record<string, Row>

export type RowName = keyof typeof ROWS
