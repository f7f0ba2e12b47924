import { AppError } from '@runnel/contracts'
import { Type, type TSchema } from 'typebox'

/** Parameters of a list that is sorted by ids. */
export const pageParameters = {
  limit: Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'Items of a page' }),
  cursor: Type.Optional(Type.String({ maxLength: 20, description: 'nextCursor of the page before' })),
}

export const IdParameters = Type.Object({
  id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), nextCursor: Type.Union([Type.String(), Type.Null()]) })

/** The cursor is the id of the last item of the page before. @throws AppError invalid_cursor */
export function parseIdCursor(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined
  const id = Number(cursor)
  if (/^\d+$/.test(cursor) && Number.isSafeInteger(id)) return id
  throw new AppError('invalid_cursor', 'The cursor is none of this list', {
    field: 'cursor',
    expected: 'nextCursor of a page of this list',
  })
}

/** @param found one more than `limit` where there are further ones */
export function toPage<T extends { readonly id: number }, U>(
  found: readonly T[],
  limit: number,
  present: (item: T) => U,
): { items: U[]; nextCursor: string | null } {
  const items = found.slice(0, limit)
  const more = found.length > limit
  return { items: items.map(present), nextCursor: more ? String(items.at(-1)!.id) : null }
}
