import { Type, type Static } from 'typebox'
import { ROLES, type Role } from '../access/roles.ts'
import { SCOPES, type Scope } from '../access/scopes.ts'

/** Who asks, and what they may do. */
export const MeSchema = Type.Object({
  kind: Type.Unsafe<'key' | 'person' | 'service' | 'open' | 'stranger'>({
    type: 'string',
    enum: ['key', 'person', 'service', 'open', 'stranger'],
    description: '`open`: access control is off, and everybody may do everything; `stranger`: not signed in',
  }),
  name: Type.String(),
  roles: Type.Array(Type.Unsafe<Role>({ type: 'string', enum: [...ROLES] }), {
    description: 'Of a person who has signed in',
  }),
  signIn: Type.String({ description: 'Path at which a person signs in' }),
  scopes: Type.Array(Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] })),
})

export type Me = Static<typeof MeSchema>
