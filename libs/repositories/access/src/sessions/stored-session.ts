import type { Role } from '@runnel/contracts'

/** A session that has not ended. */
export interface StoredSession {
  readonly id: string
  readonly issuer: string
  readonly personId: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly userAgent: string
  readonly address: string
  readonly createdAt: Date
  readonly seenAt: Date
  readonly idleEndsAt: Date
  readonly endsAt: Date
}

/** What is read of a session: never the hash of its token. */
export const SESSION_COLUMNS = [
  'id',
  'issuer',
  'person_id as personId',
  'name',
  'roles',
  'user_agent as userAgent',
  'address',
  'created_at as createdAt',
  'seen_at as seenAt',
  'idle_ends_at as idleEndsAt',
  'ends_at as endsAt',
] as const
