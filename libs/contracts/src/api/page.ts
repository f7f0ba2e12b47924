import { Type, type TSchema } from 'typebox'
import { NullableText } from './nullable.ts'

/** A page of a list. `nextCursor` leads to the next one and is null at the end. */
export interface Page<T> {
  items: T[]
  nextCursor: string | null
}

export const PageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: NullableText })
