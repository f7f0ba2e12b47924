import { Type, type Static } from 'typebox'
import { KeyQuotasSchema } from '../access/key-quotas.ts'
import { SCOPES, type Scope } from '../access/scopes.ts'
import { Nullable } from './nullable.ts'

const KEY_KINDS = ['live', 'test'] as const

export type KeyKind = (typeof KEY_KINDS)[number]

const Kind = (description: string) =>
  Type.Unsafe<KeyKind>({ type: 'string', enum: [...KEY_KINDS], description })
const ScopeName = Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] })
const MAX_NETWORKS = 50
const MAX_OVERLAP_SECONDS = 30 * 86_400

/** What an owner may be called in the idempotency keys of events. */
const NAMESPACE = '^[A-Za-z0-9_-]{0,32}$'

/** POST /api/v1/keys */
export const KeyInputSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100, pattern: '\\S', description: 'What it is for' }),
    kind: Type.Optional(Kind('Mailings of a `test` key never reach a channel. Default: live')),
    scopes: Type.Array(ScopeName, {
      minItems: 1,
      maxItems: SCOPES.length,
      uniqueItems: true,
      description: 'What it may do',
    }),
    expiresAt: Type.Optional(
      Type.String({ timestamp: true, zoned: true, maxLength: 40, description: 'RFC 3339. Default: never' }),
    ),
    networks: Type.Optional(
      Type.Array(Type.String({ maxLength: 50 }), {
        maxItems: MAX_NETWORKS,
        description: 'IP addresses or networks (10.0.0.0/8) that it is accepted from. Default: all',
      }),
    ),
    namespace: Type.Optional(
      Type.String({
        pattern: NAMESPACE,
        description:
          "Of the owner's idempotency keys: equal keys of two namespaces are different. Default: the common one",
      }),
    ),
    quotas: Type.Optional(KeyQuotasSchema),
  },
  { additionalProperties: false },
)

export type KeyInput = Static<typeof KeyInputSchema>

/** POST /api/v1/keys/{id}/rotate */
export const KeyRotationSchema = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: MAX_OVERLAP_SECONDS,
        description: 'How long the old secret stays valid besides. Default: 86400, a day; 0: it ends at once',
      }),
    ),
  },
  { additionalProperties: false },
)

const members = {
  id: Type.String({ description: 'Not a secret: the first part of the key' }),
  name: Type.String(),
  kind: Kind('Mailings of a `test` key never reach a channel'),
  scopes: Type.Array(ScopeName),
  networks: Type.Array(Type.String(), { description: 'Empty: all' }),
  namespace: Type.String(),
  quotas: KeyQuotasSchema,
  state: Type.Unsafe<'active' | 'expired' | 'revoked'>({
    type: 'string',
    enum: ['active', 'expired', 'revoked'],
  }),
  createdAt: Type.String(),
  createdBy: Type.String(),
  expiresAt: Nullable(Type.String()),
  oldSecretUntil: Nullable(
    Type.String({ description: 'While it is being rotated: the end of its old secret' }),
  ),
  revokedAt: Nullable(Type.String()),
  revokedBy: Nullable(Type.String()),
  lastUsedAt: Nullable(Type.String({ description: 'To the minute; shown some minutes later' })),
}

/** A key as it is listed: without its secret, which is stored nowhere. */
export const AccessKeySchema = Type.Object(members)

export type AccessKey = Static<typeof AccessKeySchema>

/** The answer that a new secret is in: the only one, ever. */
export const IssuedKeySchema = Type.Object({
  ...members,
  key: Type.String({ description: 'The whole key. It is shown this once and stored nowhere' }),
})

export type IssuedKey = Static<typeof IssuedKeySchema>

/** GET /api/v1/keys: all there are; their number has a limit. */
export const AccessKeysSchema = Type.Object({ items: Type.Array(AccessKeySchema) })

export type AccessKeys = Static<typeof AccessKeysSchema>
