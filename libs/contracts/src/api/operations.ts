import { Type, type Static } from 'typebox'
import { SCOPES, type Scope } from '../access/scopes.ts'

const ParameterSchema = Type.Object({
  name: Type.String(),
  in: Type.String({ description: '`query`, `path` or `header`' }),
  required: Type.Boolean(),
  description: Type.String(),
})

/** A parameter of an operation. */
export type OperationParameter = Static<typeof ParameterSchema>

const OperationSchema = Type.Object({
  method: Type.String({ description: 'In capitals, such as `GET`' }),
  path: Type.String(),
  summary: Type.String(),
  description: Type.String(),
  isPublic: Type.Boolean({ description: 'Whether it needs no key' }),
  scopes: Type.Array(Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] }), {
    description: 'Scopes that a key has to bring; none: any valid key will do, unless it is public',
  }),
  isForwarded: Type.Boolean({ description: 'Whether query-api answers it as well, by passing it on' }),
  parameters: Type.Array(ParameterSchema),
  bodyTypes: Type.Array(Type.String(), { description: 'Media types of the body; none: it takes no body' }),
  statuses: Type.Array(Type.String(), { description: 'Status codes that are described' }),
})

/** One operation of an app, as its OpenAPI document describes it. */
export type ApiOperation = Static<typeof OperationSchema>

const AppOperationsSchema = Type.Object({
  name: Type.String(),
  summary: Type.String(),
  docsUrl: Type.Union([Type.String(), Type.Null()], {
    description: 'Where Swagger UI of the app is reached; null: its port is not published',
  }),
  problem: Type.Union([Type.String(), Type.Null()], {
    description: 'Why its operations are not known; null: they are',
  }),
  operations: Type.Array(OperationSchema),
  isCut: Type.Boolean({ description: 'Whether there are more operations than are listed' }),
})

/** An app with all that it offers over HTTP. */
export type AppOperations = Static<typeof AppOperationsSchema>

/** GET /api/v1/operations */
export const OperationsSchema = Type.Object({ apps: Type.Array(AppOperationsSchema) })

export type Operations = Static<typeof OperationsSchema>
