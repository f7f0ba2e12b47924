import { ProblemSchema } from '@runnel/http'
import type { FastifySchema } from 'fastify'
import { Type, type TSchema } from 'typebox'
import { waitParameter } from './wait-parameter.ts'

export interface ProtocolDescription {
  /** The name of the format. */
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** What the content type may be, as far as it matters. */
  readonly consumes: readonly string[]
  /** Parameters that are read beside `wait`, all of them texts; others are ignored. */
  readonly parameters?: Readonly<Record<string, string>>
  /** By status. */
  readonly response: Readonly<Record<number, TSchema>>
  /** The body of errors. Default: a problem. */
  readonly errors?: TSchema
  /** Statuses of errors. */
  readonly failures: readonly number[]
}

/** How a route is shown at /docs whose bodies another protocol describes. */
export function describeProtocol({
  tag,
  consumes,
  parameters = {},
  response,
  errors = ProblemSchema,
  failures,
  ...texts
}: ProtocolDescription): FastifySchema {
  const schema = {
    tags: [tag],
    ...texts,
    consumes,
    body: {},
    querystring: describeParameters(parameters),
    response: { ...response, ...Object.fromEntries(failures.map((status) => [status, errors])) },
  }
  return schema as FastifySchema
}

function describeParameters(parameters: Readonly<Record<string, string>>): TSchema {
  const members = Object.entries(parameters).map(
    ([name, description]) => [name, Type.Optional(Type.String({ description }))] as const,
  )
  return Type.Object({ ...Object.fromEntries(members), wait: waitParameter })
}
