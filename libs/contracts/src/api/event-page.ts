import { Type, type Static, type TObject, type TSchema } from 'typebox'
import { Nullable } from './nullable.ts'

/** What every stored event has in an answer. */
export const eventMembers = {
  id: Type.String(),
  receivedAt: Type.String(),
  occurredAt: Type.String(),
}

export type EventBase = Static<TObject<typeof eventMembers>>

const cursors = {
  nextCursor: Nullable(Type.String({ description: 'Leads to older ones; null at the end' })),
  prevCursor: Nullable(Type.String({ description: 'Leads to newer ones, also to such as come later' })),
  newestAt: Type.Optional(
    Nullable(
      Type.String({
        description:
          'In an empty first page: when the newest match before the range occurred, if it is found quickly',
      }),
    ),
  ),
  searchedTo: Type.Optional(
    Type.String({
      description:
        'The search ended early: entries beyond this time were not looked at yet. nextCursor goes on there, or prevCursor in a page of newer ones',
    }),
  ),
}

/** A page of events, which leads to older and to newer ones. */
export const EventPageSchema = <T extends TSchema>(item: T) =>
  Type.Object({ items: Type.Array(item), ...cursors })

export type EventPageCursors = Static<TObject<typeof cursors>>

export type EventPage<T> = EventPageCursors & { items: T[] }
