import { POSITION_HEADER } from '@runnel/contracts'
import type { HttpServer } from '@runnel/http'
import { parseWalPosition } from '@runnel/repositories-database'
import { Type } from 'typebox'
import { AsyncLocalStorage } from 'node:async_hooks'

/** Of routes whose reads may go to standbys, by the tags of their documentation. */
const TAGS: ReadonlySet<string> = new Set(['logs', 'metrics', 'traces', 'messages'])

interface DocumentedSchema {
  readonly tags?: readonly string[]
  headers?: unknown
}

const Header = Type.Object({
  [POSITION_HEADER]: Type.Optional(
    Type.String({
      pattern: '^[0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8}$',
      description:
        'As an answer to `?wait=stored` gave it: the answer here holds what was stored then, wherever it is read from',
    }),
  ),
})

/** Knows of which place in the log of PostgreSQL the request that code runs for wants to see what is before it. */
export class RequestPositions {
  readonly #positions = new AsyncLocalStorage<bigint>()

  /** Has to be made before the routes that it is for. */
  constructor(app: HttpServer) {
    app.addHook('onRoute', (route) => {
      const { method } = route
      const schema = route.schema as DocumentedSchema | undefined
      if (method !== 'GET' || !schema?.tags?.some((tag) => TAGS.has(tag)) || schema.headers) return
      schema.headers = Header
    })
    app.addHook('preHandler', (request, _reply, done) => {
      const given = request.headers[POSITION_HEADER]
      const position = typeof given === 'string' ? parseWalPosition(given) : undefined
      if (position === undefined) return done()
      this.#positions.run(position, done)
    })
  }

  /** @returns bytes from the beginning of the log; undefined: the caller asks for nothing */
  current(): bigint | undefined {
    return this.#positions.getStore()
  }
}
