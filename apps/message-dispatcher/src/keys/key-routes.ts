import { AppError, type Scope } from '@runnel/contracts'
import {
  AccessKeySchema,
  AccessKeysSchema,
  IssuedKeySchema,
  KeyInputSchema,
  KeyRotationSchema,
} from '@runnel/contracts/api/access-key'
import { actorOf, createKey, ProblemSchema, type HttpServer, OptionalBody } from '@runnel/http'
import { createRunQuery, type RunQuery } from '@runnel/repositories-database'
import {
  addKey,
  listKeys,
  revokeKey,
  rotateKey,
  type KeyChanges,
  type StoredKey,
} from '@runnel/repositories-access'
import { Type } from 'typebox'
import type { Deps } from '../deps.ts'
import { addKeyUsageRoute } from './key-usage-route.ts'
import { presentKey } from './present-key.ts'
import { toNewKey } from './to-new-key.ts'

const KEYS_URL = '/api/v1/keys'

/** Requests about keys that may wait for the database at once. */
const MAX_QUERIES = 20
const DEFAULT_OVERLAP_SECONDS = 86_400

const tags = ['keys']
const KeyParameters = Type.Object({ id: Type.String({ pattern: '^[a-z2-7]{16}$' }) })

/** API keys: what is answered holds their text once, right after they were made. */
export function addKeyRoutes(http: HttpServer, deps: Deps): void {
  const context = {
    ...deps,
    runQuery: createRunQuery(MAX_QUERIES),
    onChanged: (changes: KeyChanges) => deps.changedKeys?.announce(changes),
  }
  addListAndCreation(http, context)
  addRotationAndEnd(http, context)
  addKeyUsageRoute(http, context.database, context.runQuery)
}

interface KeyRouteContext extends Deps {
  readonly runQuery: RunQuery
  readonly onChanged: (changes: KeyChanges) => void
}

function addListAndCreation(http: HttpServer, context: KeyRouteContext): void {
  const { database, runQuery, clock, keys, onChanged } = context
  http.get(
    KEYS_URL,
    {
      config: { access: 'keys:read' },
      schema: {
        tags,
        summary: 'List all keys, the newest first, without their secrets',
        response: { 200: AccessKeysSchema, default: ProblemSchema },
      },
    },
    async () => ({ items: (await runQuery(() => listKeys(database))).map(presentKey) }),
  )
  http.post(
    KEYS_URL,
    {
      config: { access: 'keys:write' },
      schema: {
        tags,
        summary: 'Make a key; its text is in this answer and nowhere else',
        body: KeyInputSchema,
        response: { 201: IssuedKeySchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      requireOwn(request.principal.scopes, request.body.scopes)
      const { key, text } = toNewKey(request.body, clock.nowMs())
      const stored = await runQuery(() => addKey(database, key, actorOf(request), keys.max, onChanged))
      return reply.code(201).header('cache-control', 'no-store').send(issued(stored, text))
    },
  )
}

function addRotationAndEnd(http: HttpServer, { database, runQuery, onChanged }: KeyRouteContext): void {
  http.post(
    `${KEYS_URL}/:id/rotate`,
    {
      config: { access: 'keys:write' },
      schema: {
        tags,
        summary: 'Give a key another secret; the old one stays valid for a while',
        params: KeyParameters,
        body: OptionalBody(KeyRotationSchema.properties),
        response: { 200: IssuedKeySchema, default: ProblemSchema },
      },
    },
    async (request, reply) => {
      const { sha256, id, text } = createKey(request.params.id)
      const overlapMs = (request.body?.overlapSeconds ?? DEFAULT_OVERLAP_SECONDS) * 1000
      const may = ({ scopes }: StoredKey) => requireOwn(request.principal.scopes, scopes)
      const rotation = { id, sha256, overlapMs, check: may }
      const stored = await runQuery(() => rotateKey(database, rotation, actorOf(request), onChanged))
      return reply.header('cache-control', 'no-store').send(issued(stored, text))
    },
  )
  http.post(
    `${KEYS_URL}/:id/revoke`,
    {
      config: { access: 'keys:write' },
      schema: {
        tags,
        summary: 'End a key for good: within 5 seconds no replica accepts it',
        params: KeyParameters,
        response: { 200: AccessKeySchema, default: ProblemSchema },
      },
    },
    async (request) => {
      const stored = await runQuery(() => revokeKey(database, request.params.id, actorOf(request), onChanged))
      return presentKey(stored)
    },
  )
}

const issued = (stored: StoredKey, key: string) => ({ ...presentKey(stored), key })

/** A caller gives no more than it has: else `keys:write` were every scope. */
function requireOwn(own: ReadonlySet<Scope>, wanted: readonly Scope[]): void {
  const missing = wanted.filter((scope) => !own.has(scope))
  if (missing.length === 0) return
  throw new AppError('forbidden', `The key would have scopes that its maker lacks: ${missing.join(', ')}`, {
    field: '/scopes',
    expected: 'scopes of the caller',
    extra: { missingScopes: missing },
  })
}
