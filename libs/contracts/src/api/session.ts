import { Type, type Static } from 'typebox'
import { ROLES, type Role } from '../access/roles.ts'

const Instant = Type.String({ description: 'ISO 8601' })

/** A session of a person who has signed in. */
const SessionSchema = Type.Object({
  id: Type.String(),
  name: Type.String({ description: 'Of the person' }),
  roles: Type.Array(Type.Unsafe<Role>({ type: 'string', enum: [...ROLES] })),
  isCurrent: Type.Boolean({ description: 'Whether this request belongs to it' }),
  userAgent: Type.String({ description: 'Of the browser when the person signed in' }),
  address: Type.String({ description: 'From which the person signed in' }),
  createdAt: Instant,
  seenAt: Type.Unsafe<string>({ ...Instant, description: 'Of the last request, to the minute' }),
  idleEndsAt: Type.Unsafe<string>({ ...Instant, description: 'When it ends without another request' }),
  endsAt: Type.Unsafe<string>({ ...Instant, description: 'When it ends in any case' }),
})

export type Session = Static<typeof SessionSchema>

export const SessionListSchema = Type.Object({ items: Type.Array(SessionSchema) })

export type SessionList = Static<typeof SessionListSchema>

/** Where a browser goes after the end of its session. */
export const SignedOutSchema = Type.Object({
  next: Type.String({ description: 'Where the provider ends its own session, or a page of this app' }),
})

export type SignedOut = Static<typeof SignedOutSchema>
