import type { FastifySchema } from 'fastify'
import { Type, type TSchema } from 'typebox'
import type { WireRequest } from '../../wire-format.ts'
import { describeProtocol } from '../shared/describe-protocol.ts'

const PARAMS: Readonly<Record<string, TSchema>> = {
  index: Type.String({ description: 'Kept as `_index`' }),
  id: Type.String({ description: 'Kept as `_id`' }),
}

const ErrorSchema = Type.Object(
  {
    error: Type.Object({ type: Type.String(), reason: Type.String(), code: Type.String() }),
    status: Type.Integer(),
  },
  { description: "Elasticsearch's form, with Runnel's code" },
)

interface ElasticRoute {
  readonly url: string
  readonly summary: string
  readonly consumes: readonly string[]
  readonly response: Readonly<Record<number, TSchema>>
}

/** How a route of documents is shown at /docs. */
export function describeElasticRoute({ url, ...route }: ElasticRoute): FastifySchema {
  const names = [...url.matchAll(/:(\w+)/g)].map(([, name]) => name!)
  return {
    ...describeProtocol({
      tag: 'elasticsearch',
      ...route,
      description: 'Parameters such as `refresh`, `pipeline` and `filter_path` mean nothing here.',
      errors: ErrorSchema,
      failures: [400, 401, 403, 413, 503],
    }),
    ...(names.length > 0 && {
      params: Type.Object(Object.fromEntries(names.map((name) => [name, PARAMS[name]!]))),
    }),
  }
}

/** @returns the index that the address names */
export function indexOf({ params }: Pick<WireRequest, 'params'>): string | undefined {
  return (params as { readonly index?: string }).index
}

/** @returns the id that the address names */
export function idOf({ params }: Pick<WireRequest, 'params'>): string | undefined {
  return (params as { readonly id?: string }).id
}
